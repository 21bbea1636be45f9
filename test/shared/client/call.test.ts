/** A call: what is repeated under which key, what is not, and what becomes of every answer. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createClient, orThrow, ProblemError } from '../../../shared/client/index.ts';
import { type PretendApi, pretendApi } from './pretend-api.ts';

let server: PretendApi;
beforeEach(async () => {
  server = await pretendApi();
});
afterEach(() => server.stop());

const client = (settings: object = {}) =>
  createClient({ api: server.api, token: () => 'a-token', ...settings });
const problem = (status: number, code: string, more: object = {}) => ({
  status,
  body: { type: `urn:mfa-fallback:problem:${code}`, title: '', status, code, detail: '', ...more },
});
const unavailable = problem(503, 'unavailable');
const challenge = { status: 201, body: { challengeId: 'one' } };
const keys = () => server.asked.map(({ headers }) => headers['idempotency-key']);

describe('after 503', () => {
  test('the same request comes again under the same Idempotency-Key', async () => {
    server.replies(unavailable, unavailable, challenge);
    expect(await client().startChallenge({ userId: 'alice' })).toEqual({ ok: true, value: challenge.body });
    expect(server.asked).toHaveLength(3);
    expect(new Set(keys()).size).toBe(1);
    expect(keys()[0]).toMatch(/^[\w-]{36}$/);
    expect(new Set(server.asked.map(({ body }) => body))).toEqual(new Set(['{"userId":"alice"}']));
  });

  test('it waits as Retry-After says', async () => {
    server.replies({ ...unavailable, headers: { 'retry-after': '1' } }, challenge);
    const began = Date.now();
    await client().startChallenge({ userId: 'alice' });
    expect(Date.now() - began).toBeGreaterThanOrEqual(990);
  });

  test('it does not wait beyond its time limit, and says what was answered', async () => {
    server.replies({ ...unavailable, headers: { 'retry-after': '60' } });
    const answer = await client({ timeLimitSeconds: 20 }).startChallenge({ userId: 'alice' });
    expect(answer).toMatchObject({ ok: false, problem: { code: 'unavailable', retryAfterSeconds: 60 } });
    expect(server.asked).toHaveLength(1);
  });

  test('it gives up after the fourth', async () => {
    server.replies(unavailable);
    const answer = await client().startChallenge({ userId: 'alice' });
    expect(answer).toMatchObject({ ok: false, problem: { code: 'unavailable' } });
    expect(server.asked).toHaveLength(4);
  });
});

test('two calls have two keys, and a key that is given is taken', async () => {
  server.replies(challenge);
  await client().startChallenge({ userId: 'alice' });
  await client().startChallenge({ userId: 'alice' });
  await client().startChallenge({ userId: 'alice' }, { idempotencyKey: 'my-own' });
  expect(new Set(keys()).size).toBe(3);
  expect(keys()[2]).toBe('my-own');
});

test('a GET has no key', async () => {
  server.replies({ status: 200, body: {} });
  await client().readChallenge('one');
  expect(keys()).toEqual([undefined]);
});

test('a reply that was lost is asked for again under the same key', async () => {
  server.replies('lost', challenge);
  expect(await client().startChallenge({ userId: 'alice' })).toMatchObject({ ok: true });
  expect(server.asked).toHaveLength(2);
  expect(new Set(keys()).size).toBe(1);
});

test('a DELETE whose reply was lost is not sent again', async () => {
  server.replies('lost');
  const removed = client().request('removeUser', { path: { userId: 'alice' } });
  await expect(removed).rejects.toMatchObject({ name: 'ClientFault', code: 'no-answer' });
  expect(server.asked).toHaveLength(1);
});

test.each([
  [problem(422, 'code-rejected', { attemptsRemaining: 2 }), { attemptsRemaining: 2 }],
  [problem(410, 'challenge-closed'), {}],
  [{ ...problem(429, 'rate-limited'), headers: { 'retry-after': '30' } }, { retryAfterSeconds: 30 }],
  [problem(429, 'attempts-exhausted', { reason: 'stopped' }), { reason: 'stopped' }],
  [problem(400, 'invalid-request', { errors: [{ pointer: '/code', detail: '' }] }), { errors: [{}] }],
])('$0.body.code is returned at once, with its fields', async (reply, fields) => {
  server.replies(reply);
  const answer = await client().verifyCode('one', '123456');
  expect(answer).toMatchObject({ ok: false, problem: { ...fields, code: reply.body.code } });
  expect(server.asked).toHaveLength(1);
  expect(() => orThrow(answer)).toThrow(ProblemError);
});

test.each([
  [401, 'unauthenticated'],
  [403, 'forbidden'],
  [413, 'payload-too-large'],
  [500, 'unavailable'],
  [429, 'unavailable'],
])('what the gateway answers by itself with %i is %s', async (status, code) => {
  server.replies({ status, body: { message: 'Something' } });
  const answer = await client().verifyCode('one', '123456');
  expect(answer).toMatchObject({ ok: false, problem: { code, status } });
});

test('what is no answer of this API is a fault', async () => {
  server.replies({ status: 200, body: '<html>A captive portal</html>' });
  await expect(client().readChallenge('one')).rejects.toMatchObject({ code: 'unexpected-answer' });
});

test('a redirect is not followed: the token would go with it', async () => {
  server.replies({ status: 307, headers: { location: `${server.api}/elsewhere` } });
  const called = client().readChallenge('one');
  await expect(called).rejects.toMatchObject({ code: 'no-answer' });
  expect(new Set(server.asked.map(({ path }) => path))).toEqual(new Set(['/v1/otp-challenges/one']));
});

test('names and ids stand encoded in the path', async () => {
  server.replies({ status: 200, body: {} });
  await client().request('readUser', { path: { userId: 'CORP\\erin@x/y' } });
  await client().request('listUsers', { query: { limit: 2, cursor: 'a&b' } });
  expect(server.asked.map(({ path }) => path)).toEqual([
    '/v1/users/CORP%5Cerin%40x%2Fy',
    '/v1/users?limit=2&cursor=a%26b',
  ]);
});

describe('calling off', () => {
  test('ends with the reason of the signal', async () => {
    server.replies('silent');
    const stop = new AbortController();
    const called = client().readChallenge('one', { signal: stop.signal });
    const reason = new Error('the person went away');
    setTimeout(() => stop.abort(reason), 50);
    await expect(called).rejects.toBe(reason);
  });

  test('ends a pause too', async () => {
    server.replies({ ...unavailable, headers: { 'retry-after': '20' } });
    const stop = new AbortController();
    const called = client().readChallenge('one', { signal: stop.signal });
    const reason = new Error('the person went away');
    setTimeout(() => stop.abort(reason), 50);
    await expect(called).rejects.toBe(reason);
  });

  test('and does not wait for a token', async () => {
    const stop = new AbortController();
    const token = () => new Promise<string>(() => undefined);
    const called = client({ token }).readChallenge('one', { signal: stop.signal });
    const reason = new Error('the person went away');
    setTimeout(() => stop.abort(reason), 50);
    await expect(called).rejects.toBe(reason);
  });

  test('comes by itself when the time limit is over', async () => {
    server.replies('silent');
    const called = client().readChallenge('one', { timeLimitSeconds: 0.2 });
    await expect(called).rejects.toMatchObject({ name: 'ClientFault', code: 'no-answer' });
  });
});

test.each(['http://api.example.com', 'ftp://127.0.0.1', 'api.example.com'])(
  'refuses to send secrets to %s',
  (api) => {
    expect(() => createClient({ api, token: () => '' })).toThrow(TypeError);
  },
);
