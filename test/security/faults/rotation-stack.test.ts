/** A deployment that rotates pepper and signing key: all that was open is finished, and what is new is made with the new. */
import { createPublicKey, verify as verifySignature } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeSentTo } from '../../e2e/people.ts';
import { enrolRecovering, recoverer } from '../../e2e/recovering.ts';
import { type Json, type Stack, startStack } from '../../stack.ts';

const stageWith = (...versions: number[]) => ({
  stage: { keys: { pepper: { versions }, signing: { versions } } },
});

const dataDir = mkdtempSync(join(tmpdir(), 'rotated-'));
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ dataDir, ...stageWith(1) });
});
afterAll(async () => {
  await stack.stop();
  rmSync(dataDir, { recursive: true });
});

async function deploy(...versions: number[]): Promise<void> {
  await stack.stop();
  stack = await startStack({ dataDir, ...stageWith(...versions) });
}

const headerOf = (assertion: string): Json =>
  JSON.parse(Buffer.from(assertion.split('.')[0] as string, 'base64url').toString());

/** Whether the JWKS holds the key that signed it. */
async function isSigned(assertion: string): Promise<boolean> {
  const { keys } = (await stack.request('GET', '/.well-known/jwks.json')).body;
  const jwk = keys.find(({ kid }: Json) => kid === headerOf(assertion).kid);
  const [header, claims, signature = ''] = assertion.split('.');
  if (jwk === undefined) return false;
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  return verifySignature(
    'RSA-SHA256',
    Buffer.from(`${header}.${claims}`),
    key,
    Buffer.from(signature, 'base64url'),
  );
}
const kids = async () =>
  (await stack.request('GET', '/.well-known/jwks.json')).body.keys.map(({ kid }: Json) => kid).toSorted();

test('over both steps everything that was open is finished, and assertions verify before and after', async () => {
  let api = recoverer(stack);
  const person = await enrolRecovering(stack);
  const open = async (client: 'credential-provider' | 'web-login') => {
    const { body } = await api.start(person.userId, { method: 'SMS' }, { client });
    return body.challengeId as string;
  };
  const signedIn = await open('credential-provider');
  const code = await codeSentTo(stack, person.phone);
  const { assertion: old } = (await api.verify(signedIn, code)).body;
  expect([headerOf(old).kid, await isSigned(old), await kids()]).toEqual(['00000001', true, ['00000001']]);

  const challenge = await open('web-login');
  const waiting = await codeSentTo(stack, person.phone, 2);
  const { codes } = (await api.generate(person.userId, { kind: 'static', count: 2 })).body;
  await stack.quiet();
  await stack.clearOutbox(); // of the notice of the codes
  const questions = (await api.askQuestions(person.userId)).body;
  const recovery = await api.begin(person.userId, { path: 'otp-alternate-email' });
  const alternate = await api.alternateCode(person);

  await deploy(1, 2);
  api = recoverer(stack);
  expect(await kids()).toEqual(['00000001', '00000002']);
  const between = (await api.useBackupCode({ userId: person.userId, code: codes[0] })).body.assertion;
  expect([headerOf(between).kid, await isSigned(between)]).toEqual(['00000001', true]);

  await deploy(2, 1);
  api = recoverer(stack);
  expect(await kids()).toEqual(['00000001', '00000002']);
  expect([await isSigned(old), await isSigned(between)]).toEqual([true, true]);
  const answers = [
    await api.verify(challenge, waiting, { client: 'web-login' }),
    await api.useBackupCode({ userId: person.userId, code: codes[1] }),
    await api.check(questions),
  ];
  expect(answers.map(({ status, body }) => [status, headerOf(body.assertion).kid])).toEqual(
    answers.map(() => [200, '00000002']),
  );
  for (const { body } of answers) expect(await isSigned(body.assertion)).toBe(true);
  expect((await api.verify(recovery.step.challenge.challengeId, alternate)).status).toBe(200);
  expect((await api.past(recovery.recoveryId, 'otp')).status).toBe('succeeded');

  await stack.advance(60);
  await stack.quiet();
  await stack.clearOutbox(); // of notices
  const fresh = (await api.start(person.userId, { method: 'Email' })).body;
  expect((await api.verify(fresh.challengeId, await codeSentTo(stack, person.email))).status).toBe(200);
  const masked = await api.call('GET', `/v1/users/${person.userId}`, undefined, { client: 'admin' });
  expect(masked.body).toMatchObject({ phone: person.phone, alternateEmail: person.alternateEmail });
});
