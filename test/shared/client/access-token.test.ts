/** Access tokens: fetched once, kept while they live, renewed when the API refuses them. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createClient } from '../../../shared/client/index.ts';
import { type PretendApi, pretendApi } from './pretend-api.ts';

let server: PretendApi;
beforeEach(async () => {
  server = await pretendApi();
  server.replies({ status: 200, body: {} });
});
afterEach(() => {
  vi.useRealTimers();
  server.stop();
});

const credentials = { clientId: 'web-login', clientSecret: 's:cret+%' };
const client = (more: object = {}) =>
  createClient({ api: server.api, tokenUrl: `${server.api}/token`, ...credentials, ...more });
const granted = (token: string, seconds?: number) => ({
  status: 200,
  body: {
    access_token: token,
    token_type: 'Bearer',
    ...(seconds === undefined ? {} : { expires_in: seconds }),
  },
});
const bearers = () => server.asked.map(({ headers }) => headers.authorization);

test('one token serves many calls, also those that come at once', async () => {
  server.tokens(granted('first', 3_600));
  const api = client();
  await Promise.all([1, 2, 3].map(() => api.readChallenge('one')));
  await api.readChallenge('one');
  expect(server.tokensAsked).toHaveLength(1);
  expect(new Set(bearers())).toEqual(new Set(['Bearer first']));
});

test('id and secret travel form-encoded in the header (RFC 6749 §2.3.1), the rest in the body', async () => {
  server.tokens(granted('first', 3_600));
  await client({ scope: 'mfa/signin', tokenParameters: { audience: 'mfa' } }).readChallenge('one');
  const [{ headers, body } = { headers: {}, body: '' }] = server.tokensAsked;
  const [, encoded = ''] = (headers.authorization ?? '').split(' ');
  expect(atob(encoded)).toBe('web-login:s%3Acret%2B%25');
  expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
    grant_type: 'client_credentials',
    scope: 'mfa/signin',
    audience: 'mfa',
  });
});

test('another is fetched before the first is over', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  server.tokens(granted('first', 3_600), granted('second', 3_600));
  const api = client();
  await api.readChallenge('one');
  vi.setSystemTime(Date.now() + 3_530_000);
  await api.readChallenge('one');
  vi.setSystemTime(Date.now() + 20_000);
  await api.readChallenge('one');
  expect(bearers()).toEqual(['Bearer first', 'Bearer first', 'Bearer second']);
});

test('one that the API refuses is renewed once, and the call repeated under its key', async () => {
  server.tokens(granted('revoked', 3_600), granted('fresh', 3_600));
  server.replies({ status: 401, body: { message: 'Unauthorized' } }, { status: 201, body: {} });
  expect(await client().startChallenge({ userId: 'alice' })).toMatchObject({ ok: true });
  expect(bearers()).toEqual(['Bearer revoked', 'Bearer fresh']);
  expect(new Set(server.asked.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
});

test('a second refusal is the answer', async () => {
  server.tokens(granted('one', 3_600));
  server.replies({ status: 401, body: { message: 'Unauthorized' } });
  expect(await client().readChallenge('one')).toMatchObject({
    ok: false,
    problem: { code: 'unauthenticated' },
  });
  expect(server.asked).toHaveLength(2);
});

test('an own function is told when its token was refused', async () => {
  const asked: boolean[] = [];
  const token = (renew: boolean) => {
    asked.push(renew);
    return 'own';
  };
  server.replies({ status: 401, body: {} }, { status: 503, body: {} }, { status: 200, body: {} });
  await createClient({ api: server.api, token }).readChallenge('one');
  expect(asked).toEqual([false, true, false]);
});

test('credentials that the issuer does not take are a fault that holds no secret', async () => {
  server.tokens({ status: 401, body: { error: 'invalid_client' } });
  const called = client().readChallenge('one');
  await expect(called).rejects.toMatchObject({ code: 'token-refused' });
  await expect(called).rejects.toThrow(/^the token issuer answered 401: invalid_client$/);
  expect(server.asked).toEqual([]);
});

test('an issuer that fails is asked again', async () => {
  server.tokens({ status: 500 }, 'lost', granted('first', 3_600));
  expect(await client().readChallenge('one')).toMatchObject({ ok: true });
  expect(server.tokensAsked).toHaveLength(3);
});

test('refuses to send a secret without TLS', () => {
  expect(() => client({ tokenUrl: 'http://issuer.example.com/token' })).toThrow('tokenUrl');
});
