/** Whether the step that a recovery shows was answered already, by what the person's record says. */
import { afterAll, expect, test } from 'vitest';
import { enrolUser } from '../../../../shared/domain/enrolment/enrol-user.ts';
import { askQuestions } from '../../../../shared/domain/kba/ask-questions.ts';
import { checkAnswers } from '../../../../shared/domain/kba/check-answers.ts';
import { enrolQuestion } from '../../../../shared/domain/kba/enrolled-questions.ts';
import { findPerson } from '../../../../shared/domain/names/person.ts';
import { defaultPolicy } from '../../../../shared/domain/policy/policy.ts';
import { decideStep } from '../../../../shared/domain/recovery/open-step.ts';
import type { Recovery, RecoveryStep } from '../../../../shared/domain/recovery/recovery.ts';
import { isStepOnItsWay } from '../../../../shared/domain/recovery/step-on-its-way.ts';
import { backendOn } from '../../../support/person.ts';
import { startTable } from '../../../support/table.ts';

const table = await startTable();
afterAll(() => table.close());
const backend = backendOn(table, defaultPolicy);
const client = 'web-login';
const token = 'a-token';
const choose: RecoveryStep = { type: 'choose', token };
const backupCode: RecoveryStep = { type: 'backup-code', token };
const otp: RecoveryStep = { type: 'otp', token, challengeId: 'an-id' };

const recovery: Recovery = {
  id: 'A'.repeat(32),
  client,
  person: 'nobody',
  userId: 'somebody',
  paths: ['kba', 'backup-code'],
  startedAt: 0,
  expiresAt: 900_000,
  status: 'pending',
  body: '',
  revision: 1,
  mac: '',
};

test.each<[string, Partial<Recovery>, boolean]>([
  ['has just begun', {}, true],
  ['asks for a path', { step: choose }, false],
  ['was told the path', { step: choose, path: 'kba' }, true],
  ['asks for a backup code', { step: backupCode, path: 'backup-code' }, false],
  ['is over', { status: 'failed' }, false],
])('of a recovery that %s', async (_, more, isMoving) => {
  expect(await isStepOnItsWay({ ...recovery, ...more }, backend)).toBe(isMoving);
});

test('of one whose questions are asked, and then of one whose answers were right', async () => {
  const questions = ['first-teacher', 'childhood-street', 'first-film'].map((questionId) => ({
    questionId,
    answer: `${questionId} is right`,
  }));
  const enrolled = await Promise.all(questions.map((each) => enrolQuestion(each, backend.keyring)));
  await enrolUser({ userId: 'erin', email: 'erin@example.com' }, true, backend, enrolled);
  const person = await findPerson('erin', backend);
  const { id } = recovery;
  const asked = await askQuestions({ person, client, purpose: 'recovery', recovery: id }, backend);
  if (asked.kind !== 'questions') throw new Error(asked.kind);
  const { challengeId, expiresAt } = asked.view;
  const step = { type: 'kba', token, challengeId, expiresAt, questions: [] } as const;
  const shown: Recovery = { ...recovery, person: person.key, path: 'kba', step };
  expect(await isStepOnItsWay(shown, backend)).toBe(false);
  const answered = await checkAnswers({ challengeId, client, answers: questions, request: 'one' }, backend);
  expect(answered.kind).toBe('verified');
  expect(await isStepOnItsWay(shown, backend)).toBe(true);
});

test('steps are counted, and one that is opened again is the same step', () => {
  const steps = [choose, backupCode, { ...backupCode, token: 'another' }, otp];
  const counts: (number | undefined)[] = [];
  let found = recovery;
  for (const step of steps) {
    found = { ...found, ...decideStep(found, step) };
    counts.push(found.steps);
  }
  expect(counts).toEqual([1, 2, 2, 3]);
});
