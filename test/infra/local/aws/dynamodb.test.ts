/** The emulator of DynamoDB: counts, lost replies, and what the engine cannot do. */
import { connect } from 'node:net';
import {
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { untilThere } from '../../../support/table.ts';
import { startTestAwsEmulator } from './fixtures/aws-emulator.ts';

const createTable = new CreateTableCommand({
  TableName: 'table',
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  BillingMode: 'PAY_PER_REQUEST',
});
const increment = new UpdateItemCommand({
  TableName: 'table',
  Key: { pk: { S: 'a' } },
  UpdateExpression: 'ADD attempts :one',
  ExpressionAttributeValues: { ':one': { N: '1' } },
  ReturnValues: 'ALL_NEW',
});

async function start() {
  const aws = await startTestAwsEmulator();
  const client = (changes?: object) => new DynamoDBClient(aws.client('dynamodb', changes));
  await client().send(createTable);
  await untilThere(client(), 'table');
  aws.requests.reset();
  return { aws, client };
}

describe('the table', () => {
  it('counts requests by operation', async () => {
    const { aws, client } = await start();
    await client().send(new PutItemCommand({ TableName: 'table', Item: { pk: { S: 'a' } } }));
    await client().send(increment);
    await client().send(increment);
    expect(aws.requests.all()).toEqual({ dynamodb: { PutItem: 1, UpdateItem: 2 } });
    expect(aws.requests.count('dynamodb')).toBe(3);
  });

  it('counts in single file when 100 clients update one item', async () => {
    const { client } = await start();
    const shared = client();
    const updates = await Promise.all(Array.from({ length: 100 }, () => shared.send(increment)));
    const seen = updates.map(({ Attributes }) => Number(Attributes?.['attempts']?.N)).sort((a, b) => a - b);
    expect(seen).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  });

  it('has been written although the reply was lost, so that a blind retry writes twice', async () => {
    const { aws, client } = await start();
    aws.faults.set('dynamodb', 'lost-reply', 1);
    const { Attributes } = await client({ maxAttempts: 2 }).send(increment);
    expect(Attributes?.['attempts']?.N).toBe('2');
  });

  it('finishes what it writes for clients that have broken off, before it closes', async () => {
    const { aws } = await start();
    const told: string[] = [];
    const tell = (error: Error) => told.push(error.message);
    process.on('uncaughtException', tell);
    const body = JSON.stringify({
      TableName: 'table',
      Item: { pk: { S: 'one' }, text: { S: 'x'.repeat(10_000) } },
    });
    const request = [
      'POST / HTTP/1.1',
      'host: localhost',
      'content-type: application/x-amz-json-1.0',
      'x-amz-target: DynamoDB_20120810.PutItem',
      'authorization: AWS4-HMAC-SHA256 Credential=a/20300101/r/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
      'x-amz-date: 20300101T000000Z',
      `content-length: ${body.length}`,
      '',
      body,
    ].join('\r\n');
    const sockets = Array.from({ length: 100 }, () => {
      const socket = connect(Number(new URL(aws.endpoint('dynamodb')).port), '127.0.0.1');
      socket.write(request);
      return socket;
    });
    await expect.poll(() => aws.requests.count('dynamodb'), { interval: 1 }).toBeGreaterThan(20);
    for (const socket of sockets) socket.destroy();
    await aws.close();
    await new Promise((resolve) => setTimeout(resolve, 200));
    process.off('uncaughtException', tell);
    expect(told).toEqual([]);
  });

  it('outlives a client that breaks off in the middle of a request', async () => {
    const { aws, client } = await start();
    const socket = connect(Number(new URL(aws.endpoint('dynamodb')).port), '127.0.0.1');
    const head = [
      'POST / HTTP/1.1',
      'host: localhost',
      'content-type: application/x-amz-json-1.0',
      'x-amz-target: DynamoDB_20120810.ListTables',
      'authorization: AWS4-HMAC-SHA256 Credential=a/20300101/r/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
      'x-amz-date: 20300101T000000Z',
      'content-length: 1000',
    ];
    await new Promise<void>((resolve) =>
      socket.write(`${head.join('\r\n')}\r\n\r\n{"Limit`, () => resolve()),
    );
    await new Promise((resolve) => setTimeout(resolve, 50)); // until the server reads the body
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50)); // until the server has seen it
    expect((await client().send(increment)).Attributes?.['attempts']?.N).toBe('1');
  });

  it('refuses by name what the engine cannot do', async () => {
    const { client } = await start();
    const Put = { TableName: 'table', Item: { pk: { S: 'a' } } };
    const transaction = client().send(new TransactWriteItemsCommand({ TransactItems: [{ Put }] }));
    await expect(transaction).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: expect.stringContaining('TransactWriteItems'),
    });
  });

  it('refuses a body that is no JSON object, and goes on', async () => {
    const { aws, client } = await start();
    const headers = {
      authorization:
        'AWS4-HMAC-SHA256 Credential=a/20300101/r/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
      'x-amz-date': '20300101T000000Z',
      'x-amz-target': 'DynamoDB_20120810.GetItem',
      'content-type': 'application/x-amz-json-1.0',
    };
    for (const body of ['null', '[]', '1', '{', '']) {
      const answer = await fetch(aws.endpoint('dynamodb'), { method: 'POST', headers, body });
      expect(answer.status).toBe(400);
      expect(await answer.text()).toContain('SerializationException');
    }
    expect((await client().send(increment)).Attributes?.['attempts']?.N).toBe('1');
  });
});
