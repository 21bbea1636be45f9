/** What a function behind the API may say that it answers. */
import type { Context } from 'aws-lambda';
import { expect, test } from 'vitest';
import { api, route } from '../../../shared/http/api.ts';
import { json } from '../../../shared/http/problem.ts';
import type { ApiEvent } from '../../../shared/http/request.ts';

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
