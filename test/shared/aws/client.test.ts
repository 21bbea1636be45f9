/** The switch between trimmed clients and the SDK's own: which steps run, and that both keep the time budget. */

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { awsClient } from '../../../shared/aws/client.ts';
import { timeBudgets } from '../../../shared/aws/time-budgets.ts';
import { faultOf } from '../../../shared/log/fault.ts';

const arrived: IncomingMessage['headers'][] = [];
let silent = false;
const server = createServer((request, response) => {
  arrived.push(request.headers);
  request.resume();
  if (!silent) response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{}');
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', `http://127.0.0.1:${port}`);
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example');
  vi.stubEnv('AWS_SESSION_TOKEN', 'session');
});
beforeEach(() => {
  arrived.length = 0;
  silent = false;
});
afterAll(() => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

const client = () => awsClient(DynamoDBClient, 'dynamodb');
const get = () => client().send(new GetItemCommand({ TableName: 'table', Key: { pk: { S: 'a' } } }));
const stepsOf = ({ middlewareStack }: DynamoDBClient) => middlewareStack.identify().toSorted();

describe('stock', () => {
  beforeAll(() => void vi.stubEnv('AWS_CLIENT', 'stock'));

  test('has every step of the SDK, and one of ours that names the service of an error', () => {
    const theirs = stepsOf(new DynamoDBClient({}));
    expect(theirs.length).toBeGreaterThan(8);
    expect(stepsOf(client())).toEqual([...theirs, 'nameService - initialize'].toSorted());
  });

  test('signs with the credentials of the environment, and says whose SDK it is', async () => {
    await get();
    expect(arrived).toEqual([
      expect.objectContaining({
        'user-agent': expect.stringContaining('aws-sdk-js/'),
        'x-amz-security-token': 'session',
        authorization: expect.stringContaining('Credential=AKIDEXAMPLE/'),
      }),
    ]);
  });

  test('gives each try its time and tries three times, and its error names its service', async () => {
    silent = true;
    const before = performance.now();
    const fault = faultOf(await get().catch((error: unknown) => error));
    expect(fault).toBe('dynamodb TimeoutError');
    expect(arrived).toHaveLength(3);
    expect(performance.now() - before).toBeGreaterThan(3 * timeBudgets.dynamodb.requestMilliseconds - 100);
  });
});

test.each(['trimmed', ''])('with AWS_CLIENT=%s the steps are ours', async (value) => {
  vi.stubEnv('AWS_CLIENT', value);
  expect(stepsOf(client())).toHaveLength(5);
  await get();
  expect(arrived[0]).toMatchObject({ 'user-agent': 'mfa-fallback' });
  expect(arrived[0]?.authorization).not.toContain('user-agent');
});

test('another value of AWS_CLIENT makes no client', () => {
  vi.stubEnv('AWS_CLIENT', 'Stock');
  expect(client).toThrow('AWS_CLIENT is not one of trimmed, stock');
});
