/** Any request to any route: an answer that the document describes, never a fault of ours, and soon. */

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DevelopmentClient } from '../../infra/local/token-issuer/issuer.ts';
import { type Operation, operations } from '../../infra/openapi/operations.ts';
import { type Route, type RouteKey, routes, scopes } from '../../shared/http/routes.ts';
import { readWebForm, type WebEvent } from '../../shared/http/web-request.ts';
import { documentedCodes, parsed } from '../documents/described.ts';
import { caller, enrol } from '../e2e/people.ts';
import { borrowStack, type Stack } from '../stack.ts';
import { anyJson, anyText, inherited, mutated, nearly, polluted } from './inputs.ts';

let stack: Stack;
let ids: readonly string[];
beforeAll(async () => {
  stack = await borrowStack();
  const { userId } = await enrol(stack);
  const { body } = await caller(stack).start(userId);
  ids = [body.challengeId, userId, 'nobody', ...inherited];
});
afterAll(async () => {
  await stack.stop();
  expect(polluted()).toEqual([]);
});

/** Bodies that routes take, to be changed a little. */
const bodies: readonly object[] = [
  { userId: 'nobody', method: 'SMS', locale: 'de', device: 'PC' },
  { method: 'Email' },
  { code: '123456' },
  { userId: 'nobody', code: '0000-0000-0000-0000' },
  { recoveryId: 'none', code: '0000-0000-0000-0000' },
  { answers: [{ questionId: 'first-teacher', answer: 'somebody' }] },
  { kind: 'static', count: 1, operator: 'operator', reason: 'lost', ticket: 'T-1' },
  { phone: '+12025550100', email: 'a@example.com', alternateEmail: 'b@example.com', enabled: true },
  {
    securityQuestions: [
      { questionId: 'first-teacher', answer: 'x' },
      { text: 'A question?', answer: 'y' },
    ],
  },
  { userId: 'nobody', path: 'kba' },
];

const jsonBodies = fc
  .oneof(
    anyJson,
    fc.constantFrom(...bodies).chain((body) => mutated(body)),
  )
  .map((value) => JSON.stringify(value) ?? '');
const requestBodies: fc.Arbitrary<string | Uint8Array<ArrayBuffer>> = fc.oneof(
  { weight: 5, arbitrary: jsonBodies },
  { weight: 1, arbitrary: nearly(fc.constantFrom(...bodies).map((body) => JSON.stringify(body))) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => new Uint8Array(bytes)) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 17_000 }).map((depth) => '['.repeat(depth)) },
);

/** What can be in a header: visible Latin-1 and spaces. */
const headerText = fc
  .array(fc.oneof(fc.integer({ min: 0x20, max: 0x7e }), fc.integer({ min: 0xa0, max: 0xff })), {
    maxLength: 300,
  })
  .map((units) => String.fromCharCode(...units));

/** Requests to each route; each run of the tests draws others. */
const runs = Number(process.env['FUZZ_RUNS'] ?? 20);

const requests = fc.record({
  id: fc.oneof(
    fc.nat({ max: 20 }),
    anyText.map((text) => text.toWellFormed()),
    nearly(fc.stringMatching(/^[\w-]{32,44}$/)).map((text) => text.toWellFormed()),
    fc.integer({ min: 1, max: 3_000 }).map((length) => 'a'.repeat(length)),
  ),
  query: fc.option(
    fc.array(fc.tuple(fc.constantFrom('limit', 'cursor', ...inherited), fc.oneof(cursors(), anyText)), {
      maxLength: 3,
    }),
    { freq: 2 },
  ),
  body: requestBodies,
  key: fc.option(fc.oneof(headerText, fc.constantFrom('key', ...inherited)), { nil: undefined, freq: 3 }),
  type: fc.oneof(
    { weight: 6, arbitrary: fc.constant('application/json') },
    {
      weight: 1,
      arbitrary: fc.constantFrom('application/json; charset=utf-16', 'text/plain', '', 'APPLICATION/JSON ;'),
    },
    { weight: 1, arbitrary: headerText },
  ),
});

/** Cursors that say what a page's might. */
function cursors(): fc.Arbitrary<string> {
  const parts = fc.oneof(
    anyJson,
    fc.tuple(fc.constantFrom('user#', 'user#a', 'ceiling#SMS'), fc.oneof(anyText, anyJson)),
  );
  return parts.map((value) => Buffer.from(JSON.stringify(value) ?? '').toString('base64url'));
}

/** As it is: not even the body's encoding is looked after. */
async function send(
  method: string,
  path: string,
  headers: Record<string, string>,
  body: string | Uint8Array<ArrayBuffer> | null,
) {
  const answer = await fetch(stack.origin + path, { method, headers, body });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) };
}

const all: readonly Route[] = routes;
const clientOf = ({ scopes: wanted }: Route): DevelopmentClient =>
  wanted?.includes(scopes.signin) ? 'credential-provider' : 'admin';

describe.each(all.map((route) => ({ ...route, key: `${route.method} ${route.path}` as RouteKey })))(
  '$key',
  ({ key, ...route }) => {
    test('answers anything as the document says', async () => {
      const { answers }: Operation = operations[key];
      const token = await stack.token(clientOf(route));
      const property = fc.asyncProperty(requests, async ({ id, query, body, key: idempotencyKey, type }) => {
        const parameter = typeof id === 'number' ? (ids[id % ids.length] as string) : id;
        const path = route.path.replace(/\{\w+\}/, encodeURIComponent(parameter) || 'x');
        const search = query === null ? '' : `?${new URLSearchParams(query)}`;
        const answer = await send(
          route.method,
          path + search,
          {
            authorization: `Bearer ${token}`,
            'content-type': type,
            ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
          },
          route.method === 'GET' ? null : body,
        );
        if (answer.status < 400) {
          const name = answers[answer.status];
          expect(name, `${answer.status} is not described`).toBeDefined();
          if (name) expect(parsed(name, answer.body)).toEqual(answer.body);
          return;
        }
        expect(answer.headers.get('content-type')).toBe('application/problem+json');
        const { message: _, ...problem } = answer.body;
        expect(parsed('Problem', problem)).toEqual(problem);
        // A path of dots or nothing is another path.
        if (answer.status !== 404) expect(documentedCodes(route)).toContain(problem.code);
        expect(answer.status).toBe(problem.status);
        expect(answer.status).toBeLessThan(500);
      });
      await fc.assert(property, { numRuns: runs });
      expect((await stack.request('GET', '/v1/health')).status).toBe(200);
    });
  },
);

test('a form is read, or refused in one of two ways, whatever its bytes are', () => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const property = fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, isBase64Encoded) => {
    const body = Buffer.from(bytes).toString(isBase64Encoded ? 'base64' : 'latin1');
    const read = readWebForm({ headers, body, isBase64Encoded } as unknown as WebEvent);
    expect(['form', 'unreadable']).toContain(read.kind);
    if (read.kind !== 'form') return;
    for (const [name, value] of read.fields) expect(`${name}${value}`.isWellFormed()).toBe(true);
  });
  fc.assert(property);
  const large = { headers, body: 'x'.repeat(1_000_000), isBase64Encoded: false } as unknown as WebEvent;
  expect(readWebForm(large).kind).toBe('too-large');
});
