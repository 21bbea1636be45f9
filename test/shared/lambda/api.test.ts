/** What a function behind the API may say that it answers, and what it logs of a fault. */
import type { Context } from 'aws-lambda';
import { afterEach, expect, test, vi } from 'vitest';
import { Unavailable } from '../../../shared/domain/faults.ts';
import { json } from '../../../shared/http/problem.ts';
import type { ApiEvent } from '../../../shared/http/request.ts';
import { route } from '../../../shared/http/route.ts';
import { api } from '../../../shared/lambda/api.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const connect = async () => ({ clientIdClaim: 'client_id' });
const fine = route({}, async () => json(200, {}));
const called = (routeKey: string) => ({ routeKey, headers: {}, requestContext: {} }) as unknown as ApiEvent;

test('a route that the table does not have is no route of a function: misspelt, it does not compile', async () => {
  // @ts-expect-error: GET /v1/policies is no route
  const misspelt = api(connect, { 'GET /v1/policies': fine });
  const declared = api(connect, { 'GET /v1/policy': fine, $default: fine });
  expect(misspelt).toBeTypeOf('function');
  expect(await declared(called('GET /v1/policies'), {} as Context)).toMatchObject({ statusCode: 404 });
});

test('a line names the request by Lambda and by the gateway, also where requests overlap', async () => {
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const failing = route({}, async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    throw new RangeError();
  });
  const handler = api(connect, { 'GET /v1/policy': failing });
  const ask = (id: string) =>
    handler(
      { ...called('GET /v1/policy'), requestContext: { requestId: `gateway-${id}` } } as ApiEvent,
      {
        awsRequestId: `lambda-${id}`,
      } as Context,
    );
  await Promise.all([ask('one'), ask('two')]);
  const lines = written.mock.calls.map(([line]) => JSON.parse(String(line)));
  expect(lines.map(({ requestId, gatewayRequestId }) => [requestId, gatewayRequestId]).sort()).toEqual([
    ['lambda-one', 'gateway-one'],
    ['lambda-two', 'gateway-two'],
  ]);
});

test('a fault is answered as unavailable, and logged by what it came from and its name', async () => {
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const faults = [new Unavailable('raced-user-record'), new RangeError('alice@example.com')];
  for (const fault of faults) {
    const failing = route({}, async () => Promise.reject(fault));
    const handler = api(connect, { 'GET /v1/policy': failing });
    expect(await handler(called('GET /v1/policy'), {} as Context)).toMatchObject({ statusCode: 503 });
  }
  const lines = written.mock.calls.map(([line]) => JSON.parse(String(line)));
  expect(lines.map(({ event, fault }) => [event, fault])).toEqual([
    ['request-failed', 'raced-user-record Unavailable'],
    ['request-failed', 'RangeError'],
  ]);
});
