/** The link in notices by which a person stops everything: what it ends, for how long it is good, and whom it is good for. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { generateCodes } from '../../shared/domain/backup-codes/generate-codes.ts';
import { redeemCode } from '../../shared/domain/backup-codes/redeem-code.ts';
import { notMeToken } from '../../shared/domain/contact/not-me-link.ts';
import { enrolUser } from '../../shared/domain/enrolment/enrol-user.ts';
import { isLinkGood, stopPerson } from '../../shared/domain/enrolment/stop-person.ts';
import { unlockUser } from '../../shared/domain/enrolment/unlock-user.ts';
import { startCallerVerification } from '../../shared/domain/help-desk/start-caller-verification.ts';
import { verifyCaller } from '../../shared/domain/help-desk/verify-caller.ts';
import { askQuestions } from '../../shared/domain/kba/ask-questions.ts';
import { resendCode } from '../../shared/domain/otp/resend-code.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import { verifyCode } from '../../shared/domain/otp/verify-code.ts';
import { defaultPolicy, type Policy } from '../../shared/domain/policy/policy.ts';
import { type Backend, backendOn, trusting, unlocking } from '../support/person.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { type Worker, workerOn } from '../support/worker.ts';

const client = 'web-login';
const stopped = { kind: 'attempts-exhausted', reason: 'stopped' };
const usual: Policy = { ...defaultPolicy, ...trusting, securityCodes: 'both' };

let table: TestTable;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.close());

let backend: Backend;
let worker: Worker;
let userId: string;
const deploy = async (policy: Policy = usual) => {
  backend = backendOn(table, policy);
  worker = workerOn(table, backend);
  userId = `erin-${randomBytes(4).toString('hex')}`;
  await enrolUser(contact(), true, backend);
};
const contact = (email = `${userId}@example.com`) => ({
  userId,
  phone: { number: '+12025550151', country: 'US' },
  email,
});
beforeEach(() => deploy());

const person = () => backend.person(userId);
const recordOf = async () => (await person()).record;
const start = async (session?: string) =>
  startChallenge({ person: await person(), client, purpose: 'sign-in', session }, backend);
const unlock = async () => unlockUser({ ...unlocking, person: await person() }, { ...backend, voice: true });
const makeCode = async () => {
  const made = await generateCodes(
    {
      person: await person(),
      kind: 'one-time',
      client: 'helpdesk',
      operator: 'olga',
      reason: 'lost the phone',
      request: randomBytes(8).toString('hex'),
    },
    { ...backend, voice: true },
  );
  if (made.kind !== 'generated') throw new Error(made.kind);
  return made.codes[0] as string;
};
const redeem = async (code: string) =>
  redeemCode({ person: await person(), client, code, request: randomBytes(8).toString('hex') }, backend);

/** The secret of the newest email that tells of something. */
async function link(): Promise<string> {
  await makeCode();
  await worker.notify();
  const token = worker.told.at(-1)?.notMe;
  if (token === undefined) throw new Error('no email has a link');
  return token;
}

describe('link that a mail scanner opens', () => {
  test('is in every email that tells of something, and opening it changes nothing', async () => {
    const token = await link();
    expect(worker.told.map(({ notMe }) => typeof notMe)).toEqual(worker.told.map(() => 'string'));
    const before = await recordOf();
    expect(await isLinkGood(token, backend)).toBe(true);
    expect(await isLinkGood(token, backend)).toBe(true);
    expect(await recordOf()).toEqual(before);
    expect((await start()).kind).toBe('challenge');
  });
});

describe('codes that a thief has when the person stops', () => {
  test('an open challenge, a backup code and new starts are of no use, until the help desk unlocks', async () => {
    const token = await link();
    const backupCode = await makeCode();
    const open = await start();
    if (open.kind !== 'challenge') throw new Error(open.kind);
    const { challengeId } = open.view;
    const code = await backend.codeOf(userId, client);
    expect(await stopPerson(token, backend)).toMatchObject({ kind: 'stopped', recoveries: [] });
    backend.advance(31);
    expect(await start()).toEqual(stopped);
    expect(await start('another session')).toEqual(stopped);
    expect(await resendCode({ challengeId, client }, backend)).toEqual(stopped);
    const asked = { person: await person(), client, purpose: 'sign-in' } as const;
    expect(await askQuestions(asked, backend)).toEqual(stopped);
    expect(await verifyCode({ challengeId, client, code, request: 'late' }, backend)).toEqual({
      kind: 'challenge-closed',
    });
    expect(await redeem(backupCode)).toMatchObject(stopped);
    expect(await unlock()).toMatchObject({ kind: 'unlocked' });
    expect((await start()).kind).toBe('challenge');
    expect((await verifyCode({ challengeId, client, code, request: 'later' }, backend)).kind).toBe(
      'challenge-closed',
    );
    expect((await redeem(backupCode)).kind).toBe('code-rejected');
  });

  test('no success that was on its way ends the stop', async () => {
    const token = await link();
    const open = await start();
    if (open.kind !== 'challenge') throw new Error(open.kind);
    const code = await backend.codeOf(userId, client);
    const { challengeId } = open.view;
    const verified = await verifyCode({ challengeId, client, code, request: 'in time' }, backend);
    expect(verified.kind).toBe('verified');
    await stopPerson(token, backend);
    backend.advance(31);
    expect(await start()).toEqual(stopped);
  });

  test('a proof that the help desk was given is used up; a caller can be verified anew', async () => {
    await deploy({ ...usual, helpDesk: { ...usual.helpDesk, callerProof: 'required' } });
    const operator = { name: 'olga', client: 'helpdesk', isAdministrator: false };
    const proof = async (request: string) => {
      const called = await startCallerVerification({ person: await person(), operator, request }, backend);
      if (called.kind !== 'started') throw new Error(called.kind);
      await worker.work();
      const { challengeId } = called;
      const code = worker.left.at(-1)?.code ?? '';
      const read = await verifyCaller({ challengeId, client: 'helpdesk', code, request }, backend);
      if (read.kind !== 'verified') throw new Error(read.kind);
      return read.proof;
    };
    const unlockBy = async (shown: string) =>
      (await unlockUser({ ...unlocking, person: await person(), proofs: [shown] }, backend)).kind;
    const before = await proof('before');
    const { key: locator } = await person();
    backend.advance(61);
    await stopPerson(notMeToken({ locator, at: backend.clock.now() }, backend.keyring), backend);
    expect(await unlockBy(before)).toBe('proof-required');
    expect(await unlockBy(await proof('after'))).toBe('unlocked');
  });
});

test('address changed to get the next code: one of the last seven days is on hold again', async () => {
  backend.advance(86_400);
  await enrolUser(contact(`${userId}@thief.example`), true, backend);
  backend.advance(3 * 86_400);
  const methods = async () => {
    const outcome = await start(randomBytes(4).toString('hex'));
    return outcome.kind === 'challenge' ? outcome.view.methods : outcome;
  };
  expect(await methods()).toContain('Email');
  await stopPerson(await link(), backend);
  await unlock();
  backend.advance(47 * 3_600);
  expect(await methods()).not.toContain('Email');
  backend.advance(3_600);
  expect(await methods()).toContain('Email');
});

describe('link that stops somebody', () => {
  test('is good for seven days, and every other one ends with the stop', async () => {
    const first = await link();
    backend.advance(7 * 86_400 - 1);
    expect(await isLinkGood(first, backend)).toBe(true);
    const second = await link();
    backend.advance(1);
    expect(await isLinkGood(first, backend)).toBe(false);
    expect(await stopPerson(first, backend)).toEqual({ kind: 'over' });
    const third = await link();
    expect((await stopPerson(second, backend)).kind).toBe('stopped');
    for (const old of [second, third]) {
      expect(await isLinkGood(old, backend)).toBe(false);
      expect(await stopPerson(old, backend)).toEqual({ kind: 'over' });
    }
    await unlock();
    expect((await start()).kind).toBe('challenge');
    backend.advance(60);
    expect((await stopPerson(await link(), backend)).kind).toBe('stopped');
  });

  test('stops once when two requests race', async () => {
    const token = await link();
    const outcomes = await Promise.all([stopPerson(token, backend), stopPerson(token, backend)]);
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['over', 'stopped']);
  });

  test('cannot be forged, moved to somebody else or given more time', async () => {
    const token = await link();
    const [, at = '', key = '', mac = ''] = token.split('.');
    const { key: mine = '' } = await person();
    await deploy();
    const { key: other } = await person();
    const forged = [
      `${other}.${at}.${key}.${mac}`,
      `${mine}.${(Number.parseInt(at, 36) + 1).toString(36)}.${key}.${mac}`,
      `${mine}.${at}.9.${mac}`,
      `${mine}.${at}.${key}.${'A'.repeat(22)}`,
      `${mine}.${at}.${key}`,
      '',
    ];
    for (const text of forged) expect(await stopPerson(text, backend), text).toEqual({ kind: 'over' });
  });
});
