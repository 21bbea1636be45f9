/** What a function behind the API may say that it answers, and what it logs of a fault. */
import { createHash } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { afterEach, expect, test, vi } from 'vitest';
import { Unavailable } from '../../../shared/domain/faults.ts';
import { json } from '../../../shared/http/problem.ts';
import type { ApiEvent } from '../../../shared/http/request.ts';
import { route } from '../../../shared/http/route.ts';
import { api } from '../../../shared/lambda/api.ts';
import { door } from '../../../shared/lambda/door.ts';
import { web } from '../../../shared/lambda/web.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const connect = async () => ({ clientIdClaim: 'client_id' });
const fine = route({}, async () => json(200, {}));
const routes = {
  'GET /v1/policy': fine,
  'GET /.well-known/jwks.json': fine,
  'GET /v1/health': fine,
  $default: fine,
};
const authorizer = { jwt: { claims: { client_id: 'web-login', scope: 'mfa/signin' } } };
const called = (routeKey: string, requestContext: object = { authorizer }) =>
  ({ routeKey, headers: {}, requestContext }) as unknown as ApiEvent;

test('a function that misspells a route, takes another’s or forgets its own does not compile', async () => {
  // @ts-expect-error: GET /v1/policies is no route
  const misspelt = api('policy', connect, { ...routes, 'GET /v1/policies': fine });
  // @ts-expect-error: GET /v1/users is a route of users
  const another = api('policy', connect, { ...routes, 'GET /v1/users': fine });
  const { 'GET /v1/health': _, ...others } = routes;
  // @ts-expect-error: GET /v1/health is a route of policy
  const forgotten = api('policy', connect, others);
  const { $default, ...declared } = routes;
  // @ts-expect-error: policy answers every path that no route declares
  const unanswered = api('policy', connect, declared);
  for (const made of [misspelt, another, forgotten, unanswered]) expect(made).toBeTypeOf('function');
  const handler = api('policy', connect, routes);
  expect(await handler(called('GET /v1/policies'), {} as Context)).toMatchObject({ statusCode: 404 });
  expect(await handler(called('constructor'), {} as Context)).toMatchObject({ statusCode: 404 });
});

test('HEAD is a GET without the body, a fault and a refusal included', async () => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const failing = route({}, async () => Promise.reject(new Error('down')));
  const handler = api('policy', connect, { ...routes, 'GET /v1/health': failing });
  const context = {} as Context;
  const got = await handler(called('GET /v1/policy'), context);
  expect(await handler(called('HEAD /v1/policy'), context)).toEqual({ ...got, body: '' });
  expect(await handler(called('HEAD /v1/health'), context)).toMatchObject({ statusCode: 503, body: '' });
  expect(await handler(called('HEAD /v1/users'), context)).toMatchObject({ statusCode: 404, body: '' });
});

test('a request that went around what stands in front is refused, by every kind of handler', async () => {
  vi.stubEnv('FRONT_SECRETS', createHash('sha256').update('secret').digest('hex'));
  const answered = async () => json(200, {});
  const failed = () => json(503, {});
  const webRoutes = {
    'GET /.well-known/openid-configuration': answered,
    'POST /oidc/par': answered,
    'POST /oidc/token': answered,
  };
  const handlers = [
    api('policy', connect, routes),
    door({ connect, answer: answered, failed }),
    web('oidc', connect, webRoutes, failed),
  ];
  const event = { ...called('GET /v1/policy'), routeKey: 'POST /oidc/par' };
  for (const [place, handler] of handlers.entries()) {
    const asked = place === 0 ? called('GET /v1/policy') : event;
    const ask = (headers: object) => handler({ ...asked, headers } as never, {} as Context);
    expect(await ask({})).toMatchObject({ statusCode: 403 });
    expect(await ask({ 'x-mfa-front': 'secret' })).toMatchObject({ statusCode: 200 });
  }
});

test('a scope that does not fit is refused here too, and so is a request that nobody authorized', async () => {
  const handler = api('policy', connect, routes);
  const scoped = (scope: string) => ({ authorizer: { jwt: { claims: { client_id: 'web-login', scope } } } });
  for (const context of [scoped('mfa/signin2'), scoped(''), {}]) {
    const answer = await handler(called('GET /v1/policy', context), {} as Context);
    expect(answer).toMatchObject({
      statusCode: 403,
      headers: {
        'www-authenticate': 'Bearer error="insufficient_scope", scope="mfa/signin mfa/helpdesk mfa/admin"',
      },
    });
  }
  expect(await handler(called('GET /v1/health', {}), {} as Context)).toMatchObject({ statusCode: 200 });
});

test('a line names the request by Lambda and by the gateway, also where requests overlap', async () => {
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const failing = route({}, async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    throw new RangeError();
  });
  const handler = api('policy', connect, { ...routes, 'GET /v1/policy': failing });
  const ask = (id: string) =>
    handler(
      {
        ...called('GET /v1/policy'),
        requestContext: { authorizer, requestId: `gateway-${id}` },
      } as unknown as ApiEvent,
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
    const handler = api('policy', connect, { ...routes, 'GET /v1/policy': failing });
    expect(await handler(called('GET /v1/policy'), {} as Context)).toMatchObject({ statusCode: 503 });
  }
  const lines = written.mock.calls.map(([line]) => JSON.parse(String(line)));
  expect(lines.map(({ event, fault }) => [event, fault])).toEqual([
    ['request-failed', 'raced-user-record Unavailable'],
    ['request-failed', 'RangeError'],
  ]);
});
