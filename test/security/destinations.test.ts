/** Numbers that nobody should be able to make this deployment pay for, also when they were enrolled before. */
import { randomBytes } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { enrolUser } from '../../shared/domain/enrolment/enrol-user.ts';
import { startCallerVerification } from '../../shared/domain/help-desk/start-caller-verification.ts';
import { resendCode } from '../../shared/domain/otp/resend-code.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import { verifyCode } from '../../shared/domain/otp/verify-code.ts';
import { defaultPolicy } from '../../shared/domain/policy/policy.ts';
import { backendOn } from '../support/person.ts';
import { startTable } from '../support/table.ts';
import { workerOn } from '../support/worker.ts';

const table = await startTable();
afterAll(() => table.close());

const client = 'web-login';

test('premium and unsupported prefixes: a number of a country struck off since gets nothing, and nobody can tell', async () => {
  const before = backendOn(table);
  const userId = 'abroad';
  await enrolUser({ userId, phone: { number: '+447400123456', country: 'GB' } }, true, before);
  const policy = { ...defaultPolicy, sends: { ...defaultPolicy.sends, countries: ['US'] } };
  const after = { ...backendOn(table, policy), keyring: before.keyring };
  const worker = workerOn(table, after);
  const outcomes = [];
  for (const name of [userId, 'nobody-abroad']) {
    for (const method of ['SMS', 'Call'] as const) {
      const started = await startChallenge(
        { person: await after.person(name), client: method, purpose: 'sign-in', method },
        after,
      );
      if (started.kind !== 'challenge') throw new Error(started.kind);
      outcomes.push({ kind: started.kind, fields: Object.keys(started.view).sort() });
    }
  }
  expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
  expect(new Set((await worker.work()).map(({ kind }) => kind))).toEqual(new Set(['decoy']));
  expect(worker.left).toEqual([]);
});

test('a number changed between the start and the sending gets no code, and the new one none either', async () => {
  const backend = backendOn(table);
  const userId = 'moved';
  await enrolUser({ userId, phone: { number: '+12025550131', country: 'US' } }, true, backend);
  const started = await startChallenge(
    { person: await backend.person(userId), client, purpose: 'sign-in', method: 'SMS' },
    backend,
  );
  if (started.kind !== 'challenge') throw new Error(started.kind);
  const code = await backend.codeOf(userId, client);
  await enrolUser({ userId, phone: { number: '+12025550132', country: 'US' } }, true, backend);
  const worker = workerOn(table, backend);
  expect((await worker.work()).map(({ kind }) => kind)).toEqual(['dropped']);
  expect(worker.left).toEqual([]);
  const { challengeId } = started.view;
  expect((await verifyCode({ challengeId, client, code, request: 'late' }, backend)).kind).toBe(
    'challenge-closed',
  );
});

describe('address changed to get the next code', () => {
  const [before, after] = ['+12025550141', '+12025550142'].map((number) => ({ number, country: 'US' }));
  const policy = { ...defaultPolicy, forgotPhone: { ...defaultPolicy.forgotPhone, enabled: true } };

  async function withNewPhone() {
    const backend = backendOn(table, policy);
    const userId = `held-${randomBytes(4).toString('hex')}`;
    const email = `${userId}@example.com`;
    await enrolUser({ userId, phone: before, email }, true, backend);
    backend.advance(86_400);
    await enrolUser({ userId, phone: after, email }, true, backend);
    return { backend, userId, email, worker: workerOn(table, backend) };
  }

  test('while an older one is there, no code goes to a new one for 48 hours, whoever chooses it', async () => {
    const { backend, userId, email, worker } = await withNewPhone();
    const start = async (method?: 'SMS' | 'Call') => {
      const person = await backend.person(userId);
      const outcome = await startChallenge({ person, client, purpose: 'sign-in', method }, backend);
      if (outcome.kind !== 'challenge') throw new Error(outcome.kind);
      return outcome.view;
    };
    const first = await start();
    expect(first).toMatchObject({ method: 'Email', methods: ['Email'] });
    await worker.work();
    backend.advance(31);
    await resendCode({ challengeId: first.challengeId, client, method: 'SMS' }, backend);
    await worker.work();
    backend.advance(61);
    await start('Call');
    await worker.work();
    expect(worker.left.map(({ to }) => to)).toEqual([email]);
    backend.advance(48 * 3600);
    expect(await start()).toMatchObject({ method: 'SMS', methods: ['SMS', 'Email', 'Call'] });
    await worker.work();
    expect(worker.left.map(({ to }) => to)).toEqual([email, after?.number]);
  });

  test('a code that fails over does not go there either', async () => {
    const { backend, userId } = await withNewPhone();
    const refusing = workerOn(table, backend, () => ({ kind: 'refused', reason: 'permanent' }));
    const person = await backend.person(userId);
    await startChallenge({ person, client, purpose: 'sign-in' }, backend);
    expect((await refusing.work()).map(({ kind }) => kind)).toEqual(['failed']);
  });

  test('the help desk’s code for the caller goes to the older one', async () => {
    const { backend, userId, email, worker } = await withNewPhone();
    await enrolUser({ userId, phone: after, email, alternateEmail: 'thief@example.org' }, true, backend);
    const operator = { name: 'olga', client: 'helpdesk', isAdministrator: false };
    const person = await backend.person(userId);
    await startCallerVerification({ person, operator, request: 'caller' }, backend);
    await worker.work();
    expect(worker.left.map(({ to }) => to)).toEqual([email]);
  });
});
