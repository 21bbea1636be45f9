/** Tables of the emulator are made as the template says. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, describe, expect, it } from 'vitest';
import { createTables } from '../../../../infra/local/aws/create-tables.ts';
import { startAwsEmulator } from '../../../../infra/local/aws/index.ts';
import { readAssembly } from '../../../../infra/local/template/assembly.ts';
import { createTemplate } from '../../../../infra/local/template/template.ts';
import { writeAssembly } from '../fixtures/assembly.ts';

const assembly = writeAssembly();
const data = mkdtempSync(join(tmpdir(), 'table-'));
afterAll(() => {
  for (const directory of [assembly, data]) rmSync(directory, { recursive: true });
});

const template = createTemplate(readAssembly(assembly), {
  origin: 'http://127.0.0.1:1',
  queueOrigin: () => '',
});
async function startTables(dataDir?: string) {
  const onCall = async () => ({ spoken: '' });
  const aws = await startAwsEmulator({
    now: Date.now,
    keys: [],
    queues: [],
    onCall,
    ...(dataDir === undefined ? {} : { dataDir }),
  });
  const endpoint = aws.endpoint('dynamodb');
  await createTables(template, endpoint);
  return { endpoint, stop: aws.close };
}

const clientOf = (endpoint: string) =>
  new DynamoDBClient({
    endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });

const item = {
  pk: { S: 'user' },
  sk: { S: 'profile' },
  listKey: { S: 'users' },
  userId: { S: 'alice' },
  enabled: { BOOL: true },
  hidden: { S: 'not projected' },
};

describe('the table', () => {
  it('has the keys and the index of the template', async () => {
    const tables = await startTables();
    const client = clientOf(tables.endpoint);
    const { Table } = await client.send(new DescribeTableCommand({ TableName: 'Table' }));
    expect(Table?.KeySchema).toEqual([
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ]);
    await client.send(new PutItemCommand({ TableName: 'Table', Item: item }));
    const { Items } = await client.send(
      new QueryCommand({
        TableName: 'Table',
        IndexName: 'users',
        KeyConditionExpression: 'listKey = :list',
        ExpressionAttributeValues: { ':list': { S: 'users' } },
      }),
    );
    const { hidden: _, ...projected } = item;
    expect(Items).toEqual([projected]);
    client.destroy();
    await tables.stop();
  });

  it('keeps its items over a restart when it has a folder', async () => {
    for (const round of ['first', 'second']) {
      const tables = await startTables(data);
      const client = clientOf(tables.endpoint);
      const Key = { pk: item.pk, sk: item.sk };
      if (round === 'first') await client.send(new PutItemCommand({ TableName: 'Table', Item: item }));
      expect((await client.send(new GetItemCommand({ TableName: 'Table', Key }))).Item).toEqual(item);
      client.destroy();
      await tables.stop();
    }
  });
});
