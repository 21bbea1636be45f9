/** The check of an assertion: each claim that is wrong is refused by its name, and nothing else is. */
import { createLocalJWKSet, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type AssertionCheck,
  AssertionRefused,
  type AssertionRules,
  assertionCheck,
  memoryReplayStore,
} from '../../../shared/client/index.ts';

const now = Date.parse('2026-03-02T09:00:00Z') / 1000;
const rules = { issuer: 'https://mfa.example.com', audience: 'web-login' };
const right: JWTPayload = {
  iss: rules.issuer,
  sub: 'alice',
  preferred_username: 'alice',
  aud: 'web-login',
  iat: now,
  exp: now + 120,
  jti: 'one',
  purpose: 'sign-in',
  amr: ['otp'],
  acr: 'urn:mfa-fallback:acr:otp-email',
};
const expected = { userId: 'alice' };

type PrivateKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

let key: PrivateKey;
let foreignKey: PrivateKey;
let keys: NonNullable<AssertionRules['keys']>;
beforeAll(async () => {
  const pair = await generateKeyPair('RS256');
  foreignKey = (await generateKeyPair('RS256')).privateKey;
  key = pair.privateKey;
  keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k', alg: 'RS256' }] });
});

const checkAt = (seconds: number, more: Partial<AssertionRules> = {}): AssertionCheck =>
  assertionCheck({ ...rules, keys, now: () => new Date(seconds * 1000), ...more });
let check: AssertionCheck;
beforeEach(() => {
  check = checkAt(now + 1);
});

interface Signed {
  readonly typ?: string;
  readonly signer?: PrivateKey;
}

function sign(
  changed: Record<string, unknown> = {},
  { typ = 'mfa-fallback+jwt', signer = key }: Signed = {},
) {
  return new SignJWT({ ...right, ...changed })
    .setProtectedHeader({ alg: 'RS256', typ, kid: 'k' })
    .sign(signer);
}

/** The name of what was refused. */
const faultOf = (checked: Promise<unknown>): Promise<string> =>
  checked.then(
    () => 'accepted',
    (error: unknown) => (error instanceof AssertionRefused ? error.fault : Promise.reject(error)),
  );

test('one that is right gives its claims', async () => {
  expect(await check(await sign(), expected)).toEqual(right);
});

test.each<[string, Record<string, unknown>]>([
  ['iss', { iss: 'https://other.example.com' }],
  ['iss', { iss: undefined }],
  ['aud', { aud: 'helpdesk' }],
  ['aud', { aud: ['web-login', 'helpdesk'] }],
  ['aud', { aud: ['web-login'] }],
  ['purpose', { purpose: 'recovery' }],
  ['purpose', { purpose: undefined }],
  ['exp', { exp: now - 10 }],
  ['exp', { exp: undefined }],
  ['exp', { iat: now - 200, exp: now + 60 }],
  ['exp', { exp: now + 3_600 }],
  ['iat', { iat: now + 60 }],
  ['iat', { iat: undefined }],
  ['nbf', { nbf: now + 60 }],
  ['accepted', { sub: 'bob' }],
  ['sub', { sub: undefined }],
  ['preferred_username', { preferred_username: 'bob' }],
  ['preferred_username', { preferred_username: 'ALICE' }],
  ['preferred_username', { preferred_username: '' }],
  ['jti', { jti: undefined }],
  ['jti', { jti: '' }],
])('refuses by %s: %j', async (fault, changed) => {
  expect(await faultOf(check(await sign(changed), expected))).toBe(fault);
});

describe('refuses', () => {
  test('another type, so that no other token of the deployment passes', async () => {
    expect(await faultOf(check(await sign({}, { typ: 'at+jwt' }), expected))).toBe('typ');
    expect(await faultOf(check(await sign({}, { typ: 'JWT' }), expected))).toBe('typ');
  });

  test('another key, a changed claim, no signature and no JWT', async () => {
    expect(await faultOf(check(await sign({}, { signer: foreignKey }), expected))).toBe('signature');
    const [header = '', , signature = ''] = (await sign()).split('.');
    const claims = Buffer.from(JSON.stringify({ ...right, jti: 'two' })).toString('base64url');
    expect(await faultOf(check(`${header}.${claims}.${signature}`, expected))).toBe('signature');
    const none = Buffer.from('{"alg":"none","typ":"mfa-fallback+jwt"}').toString('base64url');
    expect(await faultOf(check(`${none}.${claims}.`, expected))).toBe('alg');
    expect(await faultOf(check('no JWT', expected))).toBe('form');
  });

  test('a purpose that was not asked for', async () => {
    const recovered = await sign({ purpose: 'recovery' });
    expect(await faultOf(check(recovered, expected))).toBe('purpose');
    expect(await faultOf(check(recovered, { ...expected, purpose: 'recovery' }))).toBe('accepted');
  });

  test('the second time, also when both come at once', async () => {
    const assertion = await sign();
    const faults = await Promise.all([1, 2, 3].map(() => faultOf(check(assertion, expected))));
    expect(faults.toSorted()).toEqual(['accepted', 'jti', 'jti']);
  });

  test('the second time on another server that shares the store', async () => {
    const replays = memoryReplayStore({ now: () => new Date(now * 1000) });
    const assertion = await sign();
    const [one, other] = [checkAt(now + 1, { replays }), checkAt(now + 2, { replays })];
    expect(await faultOf(one(assertion, expected))).toBe('accepted');
    expect(await faultOf(other(assertion, expected))).toBe('jti');
  });

  test('the second time, as long as a server whose clock is behind would take it', async () => {
    const until: number[] = [];
    const replays = { claim: (_: string, expiresAt: Date) => until.push(expiresAt.getTime() / 1000) > 0 };
    await checkAt(now, { replays })(await sign(), expected);
    expect(until).toEqual([(right.exp as number) + 10]);
  });

  test('everything while the store cannot tell', async () => {
    const replays = { claim: () => Promise.reject(new Error('the store is down')) };
    await expect(checkAt(now, { replays })(await sign(), expected)).rejects.toThrow('the store is down');
  });
});

test('what was refused is not used up', async () => {
  const assertion = await sign();
  expect(await faultOf(check(assertion, { userId: 'bob' }))).toBe('preferred_username');
  expect(await faultOf(check(assertion, expected))).toBe('accepted');
});

test.each([
  [-4, 'accepted'],
  [-10, 'iat'],
  [124, 'accepted'],
  [126, 'exp'],
])('a clock %i s from its beginning: %s', async (seconds, outcome) => {
  expect(await faultOf(checkAt(now + seconds)(await sign(), expected))).toBe(outcome);
});

test('no tolerance is a setting', async () => {
  const strict = { clockToleranceSeconds: 0 };
  expect(await faultOf(checkAt(now + 119, strict)(await sign(), expected))).toBe('accepted');
  expect(await faultOf(checkAt(now + 120, strict)(await sign(), expected))).toBe('exp');
});

describe('the name that was asked', () => {
  test('is compared as it was sent, trimmed, whatever the enrolled one is', async () => {
    const named = await sign({ sub: 'erin@corp.example', preferred_username: 'CORP\\Erin' });
    expect(await faultOf(check(named, { userId: ' CORP\\Erin ' }))).toBe('accepted');
  });

  test('is demanded: the enrolled one does not stand in for it', async () => {
    const unnamed = await sign({ sub: 'alice', preferred_username: undefined });
    expect(await faultOf(check(unnamed, expected))).toBe('preferred_username');
  });
});

test('keys that are not to be had are a fault, and nobody gets in', async () => {
  const unreachable = assertionCheck({
    ...rules,
    issuer: 'http://127.0.0.1:9',
    now: () => new Date(now * 1000),
  });
  await expect(unreachable(await sign(), expected)).rejects.toMatchObject({
    name: 'ClientFault',
    code: 'no-answer',
  });
});
