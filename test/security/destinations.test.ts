/** Numbers that nobody should be able to make this deployment pay for, also when they were enrolled before. */
import { afterAll, expect, test } from 'vitest';
import { enrolUser } from '../../shared/domain/enrolment/enrol-user.ts';
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
