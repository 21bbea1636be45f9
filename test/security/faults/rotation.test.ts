/** A pepper that rotates while functions are replaced one by one: nothing is spent, denied or lost on the way. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { readBackupCode } from '../../../shared/domain/backup-codes/backup-code.ts';
import { generateCodes } from '../../../shared/domain/backup-codes/generate-codes.ts';
import { redeemCode } from '../../../shared/domain/backup-codes/redeem-code.ts';
import { keyringOf } from '../../../shared/domain/crypto/keyring.ts';
import { Unavailable } from '../../../shared/domain/faults.ts';
import { resendCode } from '../../../shared/domain/otp/resend-code.ts';
import { startChallenge } from '../../../shared/domain/otp/start-challenge.ts';
import { verifyCode } from '../../../shared/domain/otp/verify-code.ts';
import { defaultPolicy } from '../../../shared/domain/policy/policy.ts';
import { anotherCode, type Backend, backendOn, enrolSomebody, trusting } from '../../support/person.ts';
import { startTable } from '../../support/table.ts';

const table = await startTable();
afterAll(() => table.close());

const client = 'web-login';
const policy = { ...defaultPolicy, securityCodes: 'both' as const, ...trusting };
const [one, two] = [randomBytes(32), randomBytes(32)];

// Instances of four deployments over the same table: as it was, prepared, rotated; and one that took no step between.
let before: Backend;
let prepared: Backend;
let rotated: Backend;
beforeEach(() => {
  before = backendOn(table, policy, keyringOf(new Map([[1, one]])));
  prepared = backendOn(
    table,
    policy,
    keyringOf(
      new Map([
        [1, one],
        [2, two],
      ]),
    ),
  );
  rotated = backendOn(
    table,
    policy,
    keyringOf(
      new Map([
        [2, two],
        [1, one],
      ]),
    ),
  );
});

let requests = 0;
const newRequest = () => {
  requests += 1;
  return `request-${requests}`;
};
const start = async (userId: string, on: Backend) => {
  const outcome = await startChallenge({ person: await on.person(userId), client, purpose: 'sign-in' }, on);
  if (outcome.kind !== 'challenge') throw new Error(outcome.kind);
  return outcome.view.challengeId;
};
const verify = (challengeId: string, code: string, on: Backend) =>
  verifyCode({ challengeId, client, code, request: newRequest() }, on);
const use = async (userId: string, code: string, on: Backend) =>
  redeemCode(
    { person: await on.person(userId), client, code: readBackupCode(code) as string, request: newRequest() },
    on,
  );
const generate = async (userId: string, on: Backend) => {
  const asked = {
    person: await on.person(userId),
    kind: 'static',
    count: 2,
    operator: 'olga',
    reason: 'lost the phone',
    client: 'helpdesk',
    request: newRequest(),
  } as const;
  const outcome = await generateCodes(asked, on);
  if (outcome.kind !== 'generated') throw new Error(outcome.kind);
  return outcome.codes;
};

describe('in two steps', () => {
  const steps = [
    ['as it was, then prepared', () => [before, prepared]],
    ['prepared, then rotated', () => [prepared, rotated]],
  ] as const;

  test.each(steps)('instances %s take over each other’s challenges and codes, both ways', async (_, pair) => {
    for (const [older, newer] of [pair(), pair().toReversed()] as [Backend, Backend][]) {
      const userId = await enrolSomebody(older);
      const codes = await generate(userId, older);
      const challengeId = await start(userId, older);
      const code = await older.codeOf(userId, client);
      expect(await verify(challengeId, anotherCode(code), newer)).toEqual({
        kind: 'code-rejected',
        attemptsRemaining: 4,
      });
      expect(await verify(challengeId, anotherCode(code, 2), older)).toEqual({
        kind: 'code-rejected',
        attemptsRemaining: 3,
      });
      expect((await verify(challengeId, code, newer)).kind).toBe('verified');
      expect((await verify(challengeId, code, older)).kind).toBe('challenge-closed');
      expect((await use(userId, codes[0] as string, newer)).kind).toBe('verified');
      expect((await use(userId, codes[1] as string, older)).kind).toBe('verified');
    }
  });

  test('counters of destinations and decoys survive both', async () => {
    for (const backend of [prepared, rotated]) expect(backend.keyring.first).toBe(1);
    expect([before, prepared, rotated].map(({ keyring }) => keyring.current)).toEqual([1, 1, 2]);
  });
});

describe('in one step, which the runbook advises against', () => {
  const refused = (promise: Promise<unknown>) => expect(promise).rejects.toBeInstanceOf(Unavailable);

  test('an old instance refuses what a new one made and records no attempt, and the same code is right at a new one', async () => {
    const userId = await enrolSomebody(before);
    const challengeId = await start(userId, rotated);
    const code = await rotated.codeOf(userId, client);
    for (let tries = 0; tries < 6; tries += 1) await refused(verify(challengeId, code, before));
    await refused(verify(challengeId, anotherCode(code), before));
    expect((await rotated.users.read(await rotated.keyOf(userId)))?.failedAttempts).toEqual([]);
    expect((await verify(challengeId, code, rotated)).kind).toBe('verified');
  });

  test('also if the new one recorded only an attempt, and the old one made the challenge', async () => {
    const userId = await enrolSomebody(before);
    const challengeId = await start(userId, before);
    const code = await before.codeOf(userId, client);
    expect((await verify(challengeId, anotherCode(code), rotated)).kind).toBe('code-rejected');
    await refused(verify(challengeId, code, before));
    expect((await verify(challengeId, code, rotated)).kind).toBe('verified');
  });

  test('nor does it start, resend or generate over what it cannot read', async () => {
    const userId = await enrolSomebody(before);
    const challengeId = await start(userId, rotated);
    await generate(userId, rotated);
    const written = await rotated.users.read(await rotated.keyOf(userId));
    before.advance(60);
    await refused(start(userId, before));
    await refused(resendCode({ challengeId, client }, before));
    await refused(generate(userId, before));
    expect(await rotated.users.read(await rotated.keyOf(userId))).toEqual(written);
  });

  test('and backup codes that a new instance made are refused without an attempt', async () => {
    const userId = await enrolSomebody(before);
    const codes = await generate(userId, rotated);
    await refused(use(userId, codes[0] as string, before));
    expect((await rotated.users.read(await rotated.keyOf(userId)))?.failedAttempts).toEqual([]);
    expect((await use(userId, codes[0] as string, rotated)).kind).toBe('verified');
  });
});
