/** Access tokens and assertions that are signed and still not good: for another API, another time, another use. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { caller, codeSentTo, enrol, problemOf } from '../e2e/people.ts';
import { type Stack, type StackAnswer, startStack } from '../stack.ts';
import { runDirectory } from '../synthesized.ts';

type Key = Parameters<SignJWT['sign']>[0];
type Header = Partial<Parameters<SignJWT['setProtectedHeader']>[0]>;

let stack: Stack;
let isDeliverable: string;
let issuerKey: JWK;
beforeAll(async () => {
  const dataDir = mkdtempSync(join(runDirectory(), 'tokens-'));
  stack = await startStack({ dataDir });
  isDeliverable = await stack.token('web-login');
  issuerKey = JSON.parse(readFileSync(join(dataDir, 'token-key.json'), 'utf8'));
});
afterAll(() => stack.stop());

/** A token like the genuine one but for what is changed; `undefined` takes a claim out. */
async function minted(claims: JWTPayload = {}, header: Header = {}, key?: Key): Promise<string> {
  const kept = Object.entries({ ...decodeJwt(isDeliverable), ...claims }).filter(
    ([, value]) => value !== undefined,
  );
  const own = decodeProtectedHeader(isDeliverable);
  return new SignJWT(Object.fromEntries(kept))
    .setProtectedHeader({ ...own, alg: 'RS256', ...header })
    .sign(key ?? (await importJWK(issuerKey, header.alg ?? 'RS256')));
}

const policyWith = (token: string) => stack.request('GET', '/v1/policy', { token });
const startWith = (token: string, userId = 'alice'): Promise<StackAnswer> =>
  stack.request('POST', '/v1/otp-challenges', { token, body: { userId } });

const unauthenticated = { status: 401, code: 'unauthenticated' };
const now = () => Math.floor(Date.now() / 1_000);

test('a token that the issuer’s key signed opens the door, so that what follows is refused for its own reason', async () => {
  expect((await policyWith(await minted())).status).toBe(200);
});

test.each([
  ['a text in scope', { scope: 'openid mfa/admin' }],
  ['a list in scope', { scope: ['openid', 'mfa/admin'] }],
  ['a text in scp', { scope: undefined, scp: 'openid mfa/admin' }],
  ['a list in scp', { scope: undefined, scp: ['openid', 'mfa/admin'] }],
  ['a list of one in scp', { scope: undefined, scp: ['mfa/admin'] }],
])('an administrator whose scope is %s is one behind the door, too', async (_, claims) => {
  const token = await minted(claims as JWTPayload);
  const person = await enrol(stack);
  const user = await stack.request('GET', `/v1/users/${person.userId}`, { token });
  expect(user.body).toMatchObject({ email: person.email, phone: person.phone });
  expect((await policyWith(token)).body).toHaveProperty('policy');
});

test('a help desk whose scope is in scp is shown masks and the short policy', async () => {
  const token = await minted({ scope: undefined, scp: ['mfa/helpdesk'] });
  const person = await enrol(stack);
  const user = await stack.request('GET', `/v1/users/${person.userId}`, { token });
  expect(user.status).toBe(200);
  expect(user.body.email).not.toBe(person.email);
  expect((await policyWith(token)).body).not.toHaveProperty('policy');
});

describe('token of another time, API or issuer', () => {
  test.each([
    ['an hour old', () => ({ exp: now() - 3_600 })],
    ['that is over since a minute', () => ({ exp: now() - 60 })],
    ['that is not yet valid', () => ({ nbf: now() + 3_600 })],
    ['without an end', () => ({ exp: undefined })],
    ['for another API', () => ({ aud: 'another-api' })],
    ['for the client alone, as ID tokens are', () => ({ aud: 'web-login', scope: undefined })],
    ['for nobody', () => ({ aud: undefined })],
    ['of another issuer', () => ({ iss: 'https://issuer.example.com' })],
    ['of no issuer', () => ({ iss: undefined })],
    ['of an issuer with a slash more', () => ({ iss: `${decodeJwt(isDeliverable).iss}/` })],
  ] as const)('a token %s is no token', async (_, changed) => {
    expect(problemOf(await policyWith(await minted(changed() as JWTPayload)))).toMatchObject(unauthenticated);
  });
});

describe('algorithm and key confusion', () => {
  test('a token signed with the public key as a shared secret is no token', async () => {
    const { d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...half } = issuerKey;
    const publicKey = (await importJWK(half, 'RS256', { extractable: true })) as Parameters<
      typeof exportSPKI
    >[0];
    for (const secret of [await exportSPKI(publicKey), JSON.stringify(half), String(half.n)]) {
      const token = await minted({}, { alg: 'HS256' }, new TextEncoder().encode(secret));
      expect(problemOf(await policyWith(token))).toMatchObject(unauthenticated);
    }
  });

  test('a token that brings or names its own key is no token', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    const jwk = await exportJWK(publicKey);
    for (const header of [
      { jwk },
      { jku: 'https://evil.example/jwks.json' },
      { x5u: 'https://evil.example/cert.pem' },
      { kid: '../../../dev/null' },
      { kid: '00000001' },
      { kid: "x' OR '1'='1" },
      { kid: undefined },
    ]) {
      const token = await minted({}, header as Header, privateKey as Key);
      expect(problemOf(await policyWith(token))).toMatchObject(unauthenticated);
    }
  });

  test('an elliptic key’s signature is no signature, and neither is a detached or unencoded payload', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const [header, , signature] = isDeliverable.split('.');
    for (const token of [
      await minted({}, { alg: 'ES256' }, privateKey as Key),
      `${header}..${signature}`,
      `${header}.${Buffer.from(JSON.stringify(decodeJwt(isDeliverable))).toString('base64')}.${signature}`,
    ]) {
      expect(problemOf(await policyWith(token))).toMatchObject(unauthenticated);
    }
  });
});

describe('scope that only looks right', () => {
  test.each([
    'mfa/signin2 xmfa/admin',
    'MFA/ADMIN mfa/Admin',
    'mfa/helpdesk,mfa/admin',
    'mfa/helpdesk\tmfa/admin',
    'mfa/signin mfa/helpdesk',
    '',
  ])('%j does not list people', async (scope) => {
    const answer = await stack.request('GET', '/v1/users', { token: await minted({ scope }) });
    expect(problemOf(answer)).toMatchObject({ status: 403, code: 'forbidden' });
  });

  test('with the scope of a sign-in nobody is told the whole policy, whatever other claims say', async () => {
    const token = await minted({ scopes: 'mfa/admin', roles: ['mfa/admin'], admin: true });
    const { body } = await policyWith(token);
    expect(body).toHaveProperty('methods');
    expect(body).not.toHaveProperty('policy');
  });
});

describe('client that has no name, or another’s', () => {
  test.each([
    ['none', undefined],
    ['an empty one', ''],
  ])('a token with %s starts nothing', async (_, name) => {
    const answer = await startWith(await minted({ client_id: name } as JWTPayload));
    expect(problemOf(answer)).toMatchObject({ status: 403, code: 'forbidden' });
  });

  test('names that are told apart by the issuer are told apart here', async () => {
    const person = await enrol(stack);
    const ids = new Set<string>();
    for (const name of ['web-login', 'Web-Login', 'web-login ', '__proto__', 'web\u0000login']) {
      const { body } = await startWith(await minted({ client_id: name }), person.userId);
      ids.add(body.challengeId);
    }
    expect(ids.size).toBe(5);
  });
});

describe('token in the wrong place', () => {
  test('a token in the query, in a cookie, in a body or beside another is none', async () => {
    const bearer = { authorization: `Bearer ${isDeliverable}` };
    const places = [
      await stack.request('GET', `/v1/policy?access_token=${isDeliverable}`),
      await stack.request('GET', '/v1/policy', { headers: { cookie: `access_token=${isDeliverable}` } }),
      await stack.request('GET', '/v1/policy', { headers: { 'x-authorization': `Bearer ${isDeliverable}` } }),
      await stack.request('GET', '/v1/policy', {
        headers: { authorization: `Basic ${btoa('web-login:local')}` },
      }),
      await stack.request('GET', '/v1/policy', {
        headers: { authorization: `Bearer x, Bearer ${isDeliverable}` },
      }),
      await stack.request('POST', '/v1/otp-challenges', {
        body: { userId: 'alice', access_token: isDeliverable },
      }),
    ];
    for (const answer of places) expect(problemOf(answer)).toMatchObject(unauthenticated);
    expect((await stack.request('GET', '/v1/policy', { headers: bearer })).status).toBe(200);
  });
});

describe('assertion replay and audience confusion', () => {
  const verified = async (client: 'web-login' | 'credential-provider') => {
    const api = caller(stack);
    const person = await enrol(stack);
    const { body } = await api.start(person.userId, { method: 'SMS' }, { client });
    const code = await codeSentTo(stack, person.phone);
    return (await api.verify(body.challengeId, code, { client })).body.assertion as string;
  };

  test('an assertion is no access token, here or where a type is asked for', async () => {
    const assertion = await verified('web-login');
    expect(problemOf(await policyWith(assertion))).toMatchObject(unauthenticated);
    const { body } = await stack.request('GET', '/.well-known/jwks.json');
    const asAccessToken = jwtVerify(assertion, createLocalJWKSet(body), { typ: 'at+jwt' });
    await expect(asAccessToken).rejects.toMatchObject({ code: 'ERR_JWT_CLAIM_VALIDATION_FAILED' });
  });

  test('an access token is no assertion: another key, type and issuer’s words', async () => {
    const { body } = await stack.request('GET', '/.well-known/jwks.json');
    const keys = createLocalJWKSet(body);
    const asAssertion = jwtVerify(isDeliverable, keys, { typ: 'mfa-fallback+jwt', audience: 'web-login' });
    await expect(asAssertion).rejects.toThrow();
    for (const key of body.keys) expect(key).toMatchObject({ kty: 'RSA', alg: 'RS256', use: 'sig' });
    expect(body.keys.map(({ n }: JWK) => n)).not.toContain(issuerKey.n);
  });

  test('an assertion changed in any part is refused, also unsigned and signed with the public key', async () => {
    const assertion = await verified('credential-provider');
    const { body } = await stack.request('GET', '/.well-known/jwks.json');
    const [header = '', , signature = ''] = assertion.split('.');
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const claims = decodeJwt(assertion);
    const secret = new TextEncoder().encode(JSON.stringify(body.keys[0]));
    const stronger = { ...claims, sub: 'alice', acr: 'urn:mfa-fallback:acr:kba+otp-email' };
    const forgeries = [
      `${header}.${encode(stronger)}.${signature}`,
      `${encode({ alg: 'none', typ: 'mfa-fallback+jwt' })}.${encode(stronger)}.`,
      await new SignJWT(stronger).setProtectedHeader({ alg: 'HS256', kid: body.keys[0].kid }).sign(secret),
    ];
    const read = (token: string) =>
      jwtVerify(token, createLocalJWKSet(body), { typ: 'mfa-fallback+jwt', clockTolerance: 900 });
    for (const forged of forgeries) await expect(read(forged)).rejects.toThrow();
    expect((await read(assertion)).payload['sub']).toBe(claims.sub);
  });
});
