/** Requests that two parsers could read in two ways, that want to be believed, or that only want to be large. */
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { methodsOf, routes } from '../../shared/http/routes.ts';
import { caller, codeSentTo, enrol, messagesTo, type Person, problemOf, wrong } from '../e2e/people.ts';
import { borrowStack, type Json, type Stack } from '../stack.ts';

let stack: Stack;
let api: ReturnType<typeof caller>;
let token: string;
beforeAll(async () => {
  stack = await borrowStack();
  api = caller(stack);
  token = await stack.token('credential-provider');
});
afterAll(() => stack.stop());

const invalid = { status: 400, code: 'invalid-request' };

interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** What `fetch` would not send: any method, headers twice, bodies in chunks. */
function raw(
  method: string,
  path: string,
  headers: Readonly<Record<string, string | readonly string[]>> = {},
  body?: string | Uint8Array,
): Promise<RawAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
  const authorized = { authorization: `Bearer ${token}`, ...headers } as Record<string, string | string[]>;
  const outgoing = httpRequest(stack.origin + path, { method, headers: authorized }, (answer) => {
    let text = '';
    answer.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
  });
  outgoing.on('error', reject);
  outgoing.end(body);
  return promise;
}

const json = { 'content-type': 'application/json' };

async function opened(): Promise<{ person: Person; challengeId: string; code: string; path: string }> {
  const person = await enrol(stack);
  const { challengeId } = (await api.start(person.userId, { method: 'SMS' })).body;
  const code = await codeSentTo(stack, person.phone);
  return { person, challengeId, code, path: `/v1/otp-challenges/${challengeId}/verify` };
}

const left = async (challengeId: string): Promise<number> =>
  (await api.status(challengeId)).body.attemptsRemaining;

describe('duplicate JSON keys', () => {
  test('are read once, the last of them, and record one attempt', async () => {
    const { challengeId, code, path } = await opened();
    const attempt = wrong(code);
    const rejected = await raw('POST', path, json, `{"code":"${code}","code":"${attempt}"}`);
    expect(rejected.status).toBe(422);
    expect(await left(challengeId)).toBe(4);
    expect((await raw('POST', path, json, `{"code":"${attempt}","\\u0063ode":"${code}"}`)).status).toBe(200);
  });

  test('cannot name one user for the check and another for the act', async () => {
    const [one, two] = [await enrol(stack), await enrol(stack)];
    const body = `{"userId":"${one.userId}","method":"SMS","userId":"${two.userId}"}`;
    expect((await raw('POST', '/v1/otp-challenges', json, body)).status).toBe(201);
    await stack.received(two.phone);
    expect(await messagesTo(stack, one.phone)).toBe(0);
  });
});

describe('HTTP parameter pollution', () => {
  test('a parameter twice is no number, and one that a route does not have is refused', async () => {
    const admin = await stack.token('admin');
    for (const query of [
      'limit=1&limit=100',
      'limit=1%26limit=100',
      'limit[]=1',
      'limit=1;limit=2',
      'limit=%31%30%30%30',
    ]) {
      const answer = await stack.request('GET', `/v1/users?${query}`, { token: admin });
      expect({ query, ...problemOf(answer) }).toMatchObject({ query, ...invalid });
    }
    const { challengeId, code } = await opened();
    const path = `/v1/otp-challenges/${challengeId}/verify?code=${code}&challengeId=${challengeId}&userId=alice`;
    for (const body of [`{"code":"${code}"}`, '{}'])
      expect((await raw('POST', path, json, body)).status).toBe(400);
    expect(await left(challengeId)).toBe(5);
  });
});

describe('duplicate headers', () => {
  test('two Idempotency-Keys are one other key, and two content types are none', async () => {
    const { challengeId, code, path } = await opened();
    const attempt = `{"code":"${wrong(code)}"}`;
    const twice = { ...json, 'idempotency-key': ['one', 'two'] };
    const [first, again] = [await raw('POST', path, twice, attempt), await raw('POST', path, twice, attempt)];
    expect([first.status, again.status, again.text]).toEqual([422, 422, first.text]);
    expect(await left(challengeId)).toBe(4);
    await raw('POST', path, { ...json, 'idempotency-key': 'one' }, attempt);
    expect(await left(challengeId)).toBe(3);
    const types = { 'content-type': ['application/json', 'text/plain'] };
    expect((await raw('POST', path, types, attempt)).status).toBe(415);
    expect(await left(challengeId)).toBe(3);
  });
});

describe('X-Forwarded-For trust', () => {
  test('another address in a header is no other caller: attempts go on being counted', async () => {
    const { challengeId, code, path } = await opened();
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const address = `198.51.100.${attempt + 1}`;
      const claims = {
        ...json,
        'x-forwarded-for': address,
        'x-real-ip': address,
        'true-client-ip': address,
        forwarded: `for=${address}`,
        'x-client-id': `client-${attempt}`,
      };
      expect((await raw('POST', path, claims, `{"code":"${wrong(code)}"}`)).status).toBe(422);
    }
    const from = { ...json, 'x-forwarded-for': '127.0.0.1' };
    expect((await raw('POST', path, from, `{"code":"${code}"}`)).status).toBe(429);
    expect(await left(challengeId)).toBe(0);
  });
});

describe('Host header use', () => {
  test('no host that a caller names is in an assertion, an answer or a message', async () => {
    const { person, code, path } = await opened();
    const hosts = {
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      'x-original-host': 'evil.example',
    };
    const answer = await raw('POST', path, { ...json, ...hosts }, `{"code":"${code}"}`);
    expect(answer.status).toBe(200);
    expect(decodeJwt(JSON.parse(answer.text).assertion).iss).toBe(stack.origin);
    expect(`${answer.text}${JSON.stringify(answer.headers)}`).not.toContain('evil.example');
    const started = await raw(
      'POST',
      '/v1/otp-challenges',
      { ...json, ...hosts },
      JSON.stringify({ userId: person.userId }),
    );
    expect(started.status).toBe(201);
    const { body } = await stack.received(person.phone, 2);
    expect(body.includes('evil.example')).toBe(false);
  });
});

describe('method that is not in the list', () => {
  const methods = ['TRACE', 'PATCH', 'OPTIONS', 'HEAD', 'PROPFIND', 'GET', 'POST', 'PUT', 'DELETE'];
  const concrete = (path: string) => path.replace(/\{\w+\}/g, 'A'.repeat(44));
  const paths = [...new Set(routes.map(({ path }) => path))];

  test('no route answers a method that it does not declare, whatever asks to override it', async () => {
    const unexpected: string[] = [];
    for (const path of paths) {
      const declared: readonly string[] = routes
        .filter((route) => route.path === path)
        .flatMap(({ method }) => methodsOf(method));
      for (const method of methods.filter((each) => !declared.includes(each))) {
        const override = { 'x-http-method-override': declared[0] ?? '', 'x-original-url': '/v1/users' };
        const { status, text } = await raw(method, concrete(path), override);
        if (status !== 404 || text.includes(token)) unexpected.push(`${method} ${path} ${status}`);
      }
    }
    expect(unexpected).toEqual([]);
  });
});

describe('CORS', () => {
  test('no other site’s page is let in: neither a preflight nor an answer allows an origin', async () => {
    const origin = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    const answers = [
      await raw('OPTIONS', '/v1/otp-challenges', origin),
      await raw('POST', '/v1/otp-challenges', { ...json, ...origin }, '{"userId":"somebody-else"}'),
      await raw('GET', '/.well-known/jwks.json', origin),
    ];
    const allowing = answers.flatMap(({ headers }) =>
      Object.keys(headers).filter((name) => name.startsWith('access-control-')),
    );
    expect(allowing).toEqual([]);
  });
});

const bare = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";

describe('content sniffing', () => {
  test('every answer says its type, forbids guessing it and forbids keeping it', async () => {
    const { challengeId, code, path } = await opened();
    const answers = [
      await raw('GET', `/v1/otp-challenges/${challengeId}`),
      await raw('POST', path, json, `{"code":"${wrong(code)}"}`),
      await raw('POST', path, json, `{"code":"${code}"}`),
      await raw('POST', path, json, '<script>alert(1)</script>'),
      await raw('GET', '/v1/policy'),
      await raw('GET', '/v1/health'),
      await raw('GET', '/v1/<script>'),
      await raw('GET', '/v1/nothing'),
    ];
    for (const { headers } of answers) {
      expect(headers['content-type']).toMatch(/^application\/(problem\+)?json$/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['cache-control']).toBe('no-store');
      expect(headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
      expect(headers['content-security-policy']).toBe(bare);
      expect(headers['x-powered-by'] ?? headers['server'] ?? headers['set-cookie']).toBeUndefined();
    }
  });
});

test('content sniffing: the doors of others forbid it as well', async () => {
  const scim = { authorization: 'Bearer local' };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const answers = [
    await raw('GET', '/scim/v2/Users?count=1', scim),
    await raw('DELETE', '/scim/v2/Users/nobody', scim),
    await raw('GET', '/scim/v2/Users'),
    await raw('POST', '/windows/local/validate/check', form, 'user=nobody&pass='),
    await raw('POST', '/windows/wrong/validate/check', form, 'user=nobody&pass='),
    await raw('POST', '/oidc/token', form, 'grant_type=authorization_code'),
    await raw('GET', '/oidc/authorize'),
    await raw('GET', '/not-me/nothing'),
  ];
  for (const { headers } of answers) {
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cache-control']).toMatch(/no-store/);
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'.*base-uri 'none'/);
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
  }
});

describe('path traversal and encoded slashes', () => {
  test.each([
    '/v1/users/alice%2Funlock',
    '/v1/users/..%2F..%2Fpolicy',
    '/v1/users/alice%252Funlock',
    '/v1/users/%2e%2e',
    '/v1/users/alice%00',
    '/v1/users/alice%0d%0aSet-Cookie:%20a=b',
    '/v1/users/alice;role=admin',
    '/v1/users/%61lice/../bob',
  ])('%s reads nobody', async (path) => {
    const admin = await stack.token('admin');
    const { status, headers, text } = await raw('GET', path, { authorization: `Bearer ${admin}` });
    expect([400, 404]).toContain(status);
    expect(headers['set-cookie']).toBeUndefined();
    expect(text).not.toContain('"userId"');
  });

  test.each([
    '/V1/users',
    '/v1/users/',
    '//v1/users',
    '/v1//users',
    '/v1/./users',
    '/v1/x/../users',
    '/v1/users%2F',
  ])('%s is no other spelling of a route that a scope guards', async (path) => {
    for (const authorization of ['', `Bearer ${token}`]) {
      const { status, text } = await raw('GET', path, { authorization });
      expect([400, 401, 403, 404]).toContain(status);
      expect(text).not.toContain('"users"');
    }
  });
});

describe('huge body', () => {
  const patience = 5_000; // milliseconds, for sending ten megabytes on a busy machine; what is inflated takes longer
  const large = (bytes: number) => JSON.stringify({ code: '1'.repeat(bytes) });

  test.each([
    ['64 kB', 64_000],
    ['1 MB', 1_000_000],
    ['6.1 MB', 6_100_000],
    ['10.1 MB', 10_590_000],
  ])('of %s is refused as too large, and the next request is answered', async (_, bytes) => {
    const { path, challengeId } = await opened();
    const before = performance.now();
    const answer = await raw('POST', path, json, large(bytes)).catch((error) => {
      // The gateway may close the connection while it is still being written to.
      if (['EPIPE', 'ECONNRESET'].includes(error.code)) return { status: 413 };
      throw error;
    });
    expect(answer.status).toBe(413);
    expect(performance.now() - before).toBeLessThan(patience);
    expect(await left(challengeId)).toBe(5);
  });

  test.each([
    ['gzip', gzipSync(large(20_000_000))],
    ['br', brotliCompressSync(large(20_000_000))],
    ['gzip', gzipSync('{"code":"123456"}')],
  ])('decompression bomb: a body in %s is not inflated', async (encoding, body) => {
    const { path, challengeId } = await opened();
    const before = performance.now();
    const { status } = await raw('POST', path, { ...json, 'content-encoding': encoding }, body);
    expect([400, 413, 415]).toContain(status);
    expect(performance.now() - before).toBeLessThan(patience);
    expect(await left(challengeId)).toBe(5);
  });
});

describe('log injection', () => {
  test('nothing that a caller writes makes a line of the log, or a part of one', async () => {
    const forged =
      'x\n{"timestamp":"2026-01-01T00:00:00Z","level":"INFO","event":"code-verified","user":"forged"}';
    const marks = ['forged', 'planted-by-hand'];
    const before = readFileSync(stack.output, 'utf8').length; // other files of this run share the stack
    const person = await enrol(stack);
    await api.start(person.userId, { device: forged.slice(0, 64), locale: 'en' });
    await api.start(forged, { device: 'planted-by-hand' });
    await api.call('POST', '/v1/otp-challenges/planted-by-hand%0a%7b%7d/verify', { code: '123456' });
    await api.call('GET', '/v1/recoveries/planted-by-hand%0aforged', undefined);
    await api.start(person.userId, {}, { key: 'planted-by-hand' });
    await raw(
      'POST',
      '/v1/otp-challenges',
      { ...json, 'user-agent': 'planted-by-hand' },
      '{"planted-by-hand":1}',
    );
    await raw('GET', '/v1/planted-by-hand?planted-by-hand');
    await stack.received(person.phone);
    const lines = readFileSync(stack.output, 'utf8').slice(before).split('\n');
    const written = lines
      .filter((line) => line.includes(' | {'))
      .map((line) => line.slice(line.indexOf(' | ') + 3));
    expect(written.length).toBeGreaterThan(2);
    for (const line of written) expect((JSON.parse(line) as Json).event).toMatch(/^[a-z-]+$/);
    expect(lines.filter((line) => marks.some((mark) => line.includes(mark)))).toEqual([]);
  });
});
