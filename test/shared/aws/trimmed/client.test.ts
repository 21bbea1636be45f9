/** Requests of the trimmed clients as they arrive, what becomes of answers that are none, and of steps that are missing. */
import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConnectClient } from '@aws-sdk/client-connect';
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { SESClient } from '@aws-sdk/client-ses';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SendMessageBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { constructStack } from '@smithy/core/client';
import type { MiddlewareStack } from '@smithy/types';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { kmsClient } from '../../../../shared/aws/kms.ts';
import { sqsClient } from '../../../../shared/aws/sqs.ts';
import { trimmed } from '../../../../shared/aws/trimmed/client.ts';
import { trimmedConfiguration } from '../../../../shared/aws/trimmed/configuration.ts';
import { tableOf } from '../../../../shared/composition/core.ts';
import { faultOf } from '../../../../shared/log/fault.ts';

type Answer = (response: ServerResponse) => void;

const arrived: { readonly headers: IncomingMessage['headers']; readonly body: string }[] = [];
let answers: Answer[] = [];
const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  arrived.push({ headers: request.headers, body });
  const answer = answers.shift() ?? json(200, {});
  answer(response);
});

const json =
  (status: number, body: object): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
  };
const page: Answer = (response) => {
  response.writeHead(502, { 'content-type': 'text/html' }).end('<html>Bad Gateway</html>');
};
const tellNothing: Answer = (response) => response.destroy();

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const service of ['DYNAMODB', 'SQS', 'KMS']) vi.stubEnv(`AWS_ENDPOINT_URL_${service}`, origin);
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example');
  vi.stubEnv('AWS_SESSION_TOKEN', 'session');
});
beforeEach(() => {
  arrived.length = 0;
  answers = [];
});
afterAll(() => {
  vi.unstubAllEnvs();
  server.close();
});

const get = new GetItemCommand({ TableName: 'table', Key: { pk: { S: 'a' } } });

test('a request names its operation, says how long it is and is signed with its host and session', async () => {
  await tableOf({ TABLE_NAME: 'table' }).client.send(get);
  const [{ headers, body } = { headers: {}, body: '' }] = arrived;
  expect(JSON.parse(body)).toEqual({ TableName: 'table', Key: { pk: { S: 'a' } } });
  expect(headers).toMatchObject({
    'x-amz-target': 'DynamoDB_20120810.GetItem',
    'content-type': 'application/x-amz-json-1.0',
    'content-length': String(Buffer.byteLength(body)),
    'x-amz-security-token': 'session',
  });
  expect(headers.authorization).toMatch(
    /Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/dynamodb\/aws4_request, SignedHeaders=\S*host\S*x-amz-security-token\S*x-amz-target/,
  );
});

/** SigV4 by the book, of a request as it arrived. */
function signatureOf({ headers, body }: (typeof arrived)[number]): string {
  const [, scope = '', names = ''] =
    /Credential=[^/]+\/(\S+), ?SignedHeaders=([^,]+)/.exec(headers.authorization ?? '') ?? [];
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const hex = (text: string) => createHash('sha256').update(text).digest('hex');
  const signed = names.split(';').map((name) => `${name}:${headers[name]}\n`);
  const canonical = ['POST', '/', '', signed.join(''), names, hex(body)].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, hex(canonical)].join('\n');
  return hmac(scope.split('/').reduce<string | Buffer>(hmac, 'AWS4example'), toSign).toString('hex');
}

test('a signature is what AWS makes of the request, also with a key that was used before', async () => {
  const table = tableOf({ TABLE_NAME: 'table' }).client;
  for (const name of ['a', 'ä', '😀'])
    await table.send(new GetItemCommand({ TableName: 'table', Key: { pk: { S: name } } }));
  await kmsClient().send(new GetPublicKeyCommand({ KeyId: 'key' }));
  expect(arrived).toHaveLength(4);
  for (const request of arrived)
    expect(request.headers.authorization).toMatch(new RegExp(`Signature=${signatureOf(request)}$`));
});

describe.each([
  ['DynamoDB', DynamoDBClient, 'dynamodb'],
  ['SQS', SQSClient, 'sqs'],
  ['KMS', KMSClient, 'kms'],
  ['SNS', SNSClient, 'sns'],
  ['SES', SESClient, 'ses'],
  ['Connect', ConnectClient, 'connect'],
  ['Step Functions', SFNClient, 'states'],
] as const)('a client of %s', (_, SdkClient, service) => {
  const make = () => {
    const configuration = trimmedConfiguration(service, 'eu-central-1', {
      requestMilliseconds: 1_000,
      tries: 1,
    });
    const client = new SdkClient(configuration);
    return { client, stack: client.middlewareStack as unknown as MiddlewareStack<object, object> };
  };
  const nameOf = (step: string) => step.split(' ')[0] as string;
  /** What comes with each command, as far as it matters here. */
  const commands = () => {
    const stack = constructStack<object, object>();
    stack.add((next) => next, { step: 'serialize', name: 'endpointV2Middleware' });
    return stack;
  };

  test('has nothing left of the steps that the SDK has', () => {
    const { client, stack } = make();
    trimmed(client);
    expect(stack.concat(commands()).identify().toSorted()).toEqual([
      'deserialise - deserialize',
      'retry - finalizeRequest',
      'serialise - serialize',
      'sign - finalizeRequest',
    ]);
  });

  test('is not made when the SDK has renamed or dropped a step, and says which', () => {
    const steps = make().stack.identify().map(nameOf);
    expect(steps.length).toBeGreaterThan(8);
    for (const step of steps) {
      const { client, stack } = make();
      stack.remove(step);
      expect(() => trimmed(client)).toThrow(`has no step ${step}:`);
    }
  });

  test('sends nothing when the step that comes with each command is missing', () => {
    const { client, stack } = make();
    trimmed(client);
    expect(() => stack.concat(constructStack())).toThrow('has no step endpointV2Middleware:');
  });
});

test("a gateway's page is a fault that is repeated, and each try is signed", async () => {
  answers = [page, tellNothing, json(200, { Item: { pk: { S: 'a' } } })];
  const found = await tableOf({ TABLE_NAME: 'table' }).client.send(get);
  expect(found.Item).toEqual({ pk: { S: 'a' } });
  expect(found.$metadata).toMatchObject({ httpStatusCode: 200 });
  expect(new Set(arrived.map(({ body }) => body)).size).toBe(1);
  expect(arrived.map(signatureOf)).toEqual(
    arrived.map(({ headers }) => headers.authorization?.replace(/.*Signature=/, '')),
  );
  expect(arrived.length).toBe(3);
});

test('how long a service wants to be left alone is not asked: its answer cannot hold a function up', async () => {
  answers = [
    (response) => {
      response.writeHead(503, { 'retry-after': '30', 'x-amz-retry-after': '30000' }).end('{}');
    },
  ];
  await tableOf({ TABLE_NAME: 'table' }).client.send(get);
  expect(arrived.length).toBe(2);
}, 3_000);

test('throttling is repeated as often as the budget says, and ends in its own error', async () => {
  const throttled = json(400, { __type: 'com.amazonaws.dynamodb.v20120810#ThrottlingException' });
  answers = [throttled, throttled, throttled, throttled];
  const sent = tableOf({ TABLE_NAME: 'table' }).client.send(get);
  await expect(sent).rejects.toMatchObject({
    name: 'ThrottlingException',
    $metadata: { httpStatusCode: 400 },
  });
  expect(arrived.length).toBe(3);
});

test('an error of the service is typed and not repeated', async () => {
  answers = [
    json(400, {
      __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
      message: 'The conditional request failed',
    }),
  ];
  const sent = tableOf({ TABLE_NAME: 'table' }).client.send(
    new UpdateItemCommand({ TableName: 'table', Key: { pk: { S: 'a' } } }),
  );
  await expect(sent).rejects.toBeInstanceOf(ConditionalCheckFailedException);
  expect(arrived.length).toBe(1);
});

test('an error that leaves a client is told apart by its service', async () => {
  const table = tableOf({ TABLE_NAME: 'table' }).client;
  const faultAfter = async (answer: Answer, send: () => Promise<unknown>) => {
    answers = [answer, answer, answer];
    return faultOf(await send().catch((error) => error));
  };
  const mac = new GetPublicKeyCommand({ KeyId: 'key' });
  const message = new SendMessageCommand({ QueueUrl: 'https://sqs/0/sms', MessageBody: 'one' });
  const none = json(400, { __type: 'com.amazonaws.sqs#QueueDoesNotExist' });
  const throttled = json(400, { __type: 'com.amazonaws.dynamodb.v20120810#ThrottlingException' });
  expect(await faultAfter(tellNothing, () => kmsClient().send(mac))).toBe('kms TimeoutError');
  expect(await faultAfter(throttled, () => table.send(get))).toBe('dynamodb ThrottlingException');
  expect(await faultAfter(none, () => sqsClient().send(message))).toBe('sqs QueueDoesNotExist');
  vi.stubEnv('AWS_ENDPOINT_URL_KMS', 'http://127.0.0.1:1');
  expect(await faultAfter(page, () => kmsClient().send(mac))).toBe('kms ECONNREFUSED');
});

test('a message and a batch go to the endpoint, with their queue in the body', async () => {
  const QueueUrl = 'https://sqs.eu-central-1.amazonaws.com/000000000000/sms';
  const sqs = sqsClient();
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'one' }));
  await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: '0', MessageBody: 'two' }] }));
  expect(arrived.map(({ body }) => JSON.parse(body).QueueUrl)).toEqual([QueueUrl, QueueUrl]);
});
