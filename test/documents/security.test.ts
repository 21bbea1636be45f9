/** The verifier that SECURITY.md shows takes an assertion as the functions make it, and no other. */
import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as jose from 'jose';
import { afterEach, expect, test, vi } from 'vitest';
import { assertionFor, type Verification } from '../../shared/domain/assertion.ts';
import { keyringOf } from '../../shared/domain/crypto/keyring.ts';

const page = readFileSync(new URL('../../SECURITY.md', import.meta.url), 'utf8');
const [, plain = ''] = /^```ts\nimport .* from 'jose';\n([\s\S]*?)^```$/m.exec(page) ?? [];

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const privateKey = createPrivateKey(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
const jwk = { ...pair.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256' };
const keyring = keyringOf(new Map([[1, Buffer.alloc(32, 1)]]));
const issuer = 'https://api-id.execute-api.eu-central-1.amazonaws.com';

function made(change: Partial<Verification> = {}, by = issuer): Promise<string> {
  const verification = {
    id: 'challenge',
    userId: 'Alice',
    name: 'alice',
    client: 'web-login',
    purpose: 'sign-in',
    authenticator: 'SMS',
    at: Date.now(),
    ...change,
  } as const;
  const signer = {
    keyId: 'one',
    sign: async (input: string) => sign('sha256', Buffer.from(input), privateKey),
  };
  return assertionFor(verification, by, signer, keyring);
}

/** Runs what the page shows, with keys that are here and not behind a URL. */
async function verdict(assertion: string, userWithPassword = 'alice'): Promise<boolean> {
  const given = {
    createRemoteJWKSet: () => jose.createLocalJWKSet({ keys: [jwk] as jose.JWK[] }),
    jwtVerify: jose.jwtVerify,
    jwksUrl: `${issuer}/.well-known/jwks.json`,
    assertion,
    apiUrl: issuer,
    clientId: 'web-login',
    userWithPassword,
    goodEnough: ['urn:mfa-fallback:acr:otp-pstn'],
    isNew: async () => true,
  };
  const body = `return (async () => { ${plain}; return isGood; })();`;
  return new Function(...Object.keys(given), body)(...Object.values(given));
}

afterEach(() => {
  vi.useRealTimers();
});

test('takes what was verified for its client and its person', async () => {
  expect(await verdict(await made())).toBe(true);
});

test.each<[string, Partial<Verification>]>([
  ['another person', { name: 'bob' }],
  ['a recovery', { purpose: 'recovery' }],
  ['a weaker method', { authenticator: 'Email' }],
])('does not take %s', async (_, change) => {
  expect(await verdict(await made(change))).toBe(false);
});

test.each([
  ['CORP\\erin', 'CORP\\erin ', true],
  ['CORP\\erin', 'corp\\ERIN', false],
  ['erin', 'CORP\\erin', false],
])('an assertion about %s is good for who asked for %s: %s', async (name, asked, isOne) => {
  expect(await verdict(await made({ name }), asked)).toBe(isOne);
});

test('throws at another client, another issuer and what is older than two minutes', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  await expect(made({ client: 'helpdesk' }).then((each) => verdict(each))).rejects.toThrow('aud');
  await expect(made({}, 'https://another.example').then((each) => verdict(each))).rejects.toThrow('iss');
  await expect(made({ at: Date.now() - 119_000 }).then((each) => verdict(each))).resolves.toBe(true);
  await expect(made({ at: Date.now() - 121_000 }).then((each) => verdict(each))).rejects.toThrow('exp');
});
