/** A recovery's step that a fault makes the workflow open again: the person keeps the challenge, and no answer is lost. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { pollUntil } from '../../../../shared/composition/poll-until.ts';
import { rightCode } from '../../../../shared/domain/challenge/winning-attempt.ts';
import { enrolUser } from '../../../../shared/domain/enrolment/enrol-user.ts';
import { slotOf } from '../../../../shared/domain/identifiers/challenge-id.ts';
import { askQuestions } from '../../../../shared/domain/kba/ask-questions.ts';
import { type CheckOutcome, checkAnswers } from '../../../../shared/domain/kba/check-answers.ts';
import { enrolQuestion } from '../../../../shared/domain/kba/enrolled-questions.ts';
import { startChallenge } from '../../../../shared/domain/otp/start-challenge.ts';
import { type VerifyOutcome, verifyCode } from '../../../../shared/domain/otp/verify-code.ts';
import { defaultPolicy, questionsLifetimeSeconds } from '../../../../shared/domain/policy/policy.ts';
import { endSuperseded, failStep, resumeRecovery } from '../../../../shared/domain/recovery/answer-step.ts';
import { authenticRecovery } from '../../../../shared/domain/recovery/authentic-recovery.ts';
import type { Recovery, RecoveryPorts, RecoveryStep } from '../../../../shared/domain/recovery/recovery.ts';
import { tellReopened } from '../../../../shared/domain/recovery/reopened-step.ts';
import { challengeKeyOf } from '../../../../shared/domain/user-record/challenge.ts';
import { recoveryStore } from '../../../../shared/store/recoveries.ts';
import { patiently } from '../../../support/patience.ts';
import { anotherCode, backendOn } from '../../../support/person.ts';
import { writeEnd, writeStep } from '../../../support/recovery-writes.ts';
import { startTable } from '../../../support/table.ts';

const table = await startTable();
afterAll(() => table.close());
const backend = backendOn(table, { ...defaultPolicy, kba: { ...defaultPolicy.kba, tries: 3 } });
const client = 'web-login';
const purpose = 'recovery';
const answersOf = {
  'first-teacher': 'Wollstonecraft',
  'childhood-street': 'Heron Gate',
  'first-film': 'Cat',
};

/** What was reported under each token; a token is dead once its task was reported on or has met a fault. */
let reported: { readonly token: string; readonly as: string }[];
let dead: Set<string>;
const report = async (token: string, as: string) => {
  if (dead.has(token)) return 'closed';
  dead.add(token);
  reported.push({ token, as });
  return 'resumed';
};
const ports: RecoveryPorts & typeof backend = {
  ...backend,
  recoveries: recoveryStore(table, backend.keyring),
  pollUntil,
  workflow: {
    start: async () => {},
    succeed: (token) => report(token, 'success'),
    fail: (token, error) => report(token, error),
  },
};

let recoveries = 0;
let recovery: Recovery;

beforeEach(async () => {
  reported = [];
  dead = new Set();
  recovery = await begun();
});

async function begun(userId?: string): Promise<Recovery> {
  recoveries += 1;
  const name = userId ?? `reopened-${recoveries}`;
  if (userId === undefined) await enrolWithAnswers(name);
  const begun: Omit<Recovery, 'mac'> = {
    id: String(recoveries).padStart(32, 'A'),
    client,
    person: await backend.keyOf(name),
    userId: name,
    paths: ['kba+otp-alternate-email'],
    path: 'kba+otp-alternate-email',
    startedAt: ports.clock.now(),
    expiresAt: ports.clock.now() + 900_000,
    status: 'pending',
    body: '',
    revision: 1,
  };
  const made = authenticRecovery(begun, ports.stateKeys);
  await ports.recoveries.create(made);
  return made;
}

async function enrolWithAnswers(userId: string): Promise<void> {
  const questions = await Promise.all(
    Object.entries(answersOf).map(([questionId, answer]) =>
      enrolQuestion({ questionId, answer }, ports.keyring),
    ),
  );
  const contact = { alternateEmail: `${userId}@alternate.example`, email: `${userId}@example.com` };
  await enrolUser({ userId, ...contact }, true, ports, questions);
}

/** Asks for the challenge of a step, new or open, and says what it takes to answer that. */
const kinds = {
  kba: {
    async ask({ id, userId }: Recovery) {
      const asked = await askQuestions(
        { person: await backend.person(userId), client, purpose, recovery: id },
        ports,
      );
      if (asked.kind !== 'questions') throw new Error(asked.kind);
      const { challengeId, expiresAt } = asked.view;
      const questions = asked.questions.map(({ questionId }) => ({ questionId, text: questionId }));
      return {
        superseded: asked.superseded,
        step: { type: 'kba', challengeId, questions, expiresAt } as const,
      };
    },
    answer(challengeId: string, isRight: boolean, request: string): Promise<CheckOutcome> {
      const answers = Object.entries(answersOf).map(([questionId, answer]) => ({
        questionId,
        answer: isRight ? answer : 'something else',
      }));
      return checkAnswers({ challengeId, client, answers, request }, ports);
    },
    tries: 3,
    lifetimeSeconds: questionsLifetimeSeconds,
  },
  otp: {
    async ask({ id, userId }: Recovery) {
      const started = await startChallenge(
        { person: await backend.person(userId), client, purpose, recovery: id },
        ports,
      );
      if (started.kind !== 'challenge') throw new Error(started.kind);
      const { challengeId } = started.view;
      return { superseded: started.superseded, step: { type: 'otp', challengeId } as const };
    },
    async answer(challengeId: string, isRight: boolean, request: string): Promise<VerifyOutcome> {
      const record = await ports.users.read(await backend.keyOf(recovery.userId));
      const challenge =
        record?.challenges[challengeKeyOf(client, { purpose, slot: slotOf({ recovery: recovery.id }) })];
      if (challenge === undefined) throw new Error('no challenge is open');
      const code = rightCode(challenge, ports.keyring);
      return verifyCode({ challengeId, client, code: isRight ? code : anotherCode(code), request }, ports);
    },
    tries: defaultPolicy.otp.attempts,
    lifetimeSeconds: defaultPolicy.otp.lifetimeSeconds,
  },
} as const;
const types = ['kba', 'otp'] as const;

/** What a step's task does, under the token of that try. */
async function open(type: 'kba' | 'otp', token: string, of = recovery): Promise<string> {
  const before = (await ports.recoveries.read(of.id)) as Recovery;
  const { step, superseded } = await kinds[type].ask(of);
  await writeStep(of.id, { ...step, token }, ports);
  await tellReopened(before, { ...step, token }, ports);
  await endSuperseded(superseded, ports);
  return step.challengeId;
}
/** The task's function met a fault after its last write, so that its token is dead. */
async function openInVain(type: 'kba' | 'otp', token: string): Promise<string> {
  const challengeId = await open(type, token);
  dead.add(token);
  return challengeId;
}
const stepNow = async (): Promise<RecoveryStep | undefined> =>
  (await ports.recoveries.read(recovery.id))?.step;

describe.each(types)('a step that is opened again: %s', (type) => {
  const { answer, tries, lifetimeSeconds } = kinds[type];

  test('keeps the challenge that the person sees, and has the new token', async () => {
    const first = await openInVain(type, 'first');
    ports.advance(120); // past every gap between two messages
    expect(await open(type, 'second')).toBe(first);
    expect(await stepNow()).toMatchObject({ type, challengeId: first, token: 'second' });
    const answered = await answer(first, true, 'request');
    expect(answered).toMatchObject({ kind: 'verified', recovery: recovery.id });
    expect(await resumeRecovery(recovery.id, first, ports)).toBe('resumed');
    expect(reported).toEqual([{ token: 'second', as: 'success' }]);
  });

  test('keeps it as well when the first try ended before the recovery knew of it', async () => {
    const { step } = await kinds[type].ask(recovery);
    ports.advance(120);
    expect(await open(type, 'second')).toBe(step.challengeId);
  });

  test('keeps the attempts that were recorded', async () => {
    const first = await openInVain(type, 'first');
    expect(await answer(first, false, 'wrong')).toMatchObject({ attemptsRemaining: tries - 1 });
    await open(type, 'second');
    expect(await answer(first, false, 'wrong again')).toMatchObject({ attemptsRemaining: tries - 2 });
  });

  test('is moved on by the answer that came between the two tries', async () => {
    const first = await openInVain(type, 'first');
    await answer(first, true, 'request');
    const resumed = resumeRecovery(recovery.id, first, { ...ports, pollUntil: patiently }); // its token is dead
    await open(type, 'second');
    expect(reported).toEqual([{ token: 'second', as: 'success' }]);
    // What the workflow does once it is told.
    await (type === 'kba' ? open('otp', 'next') : end());
    expect(await resumed).toBe('resumed');
    expect(reported).toHaveLength(1);
    expect((await ports.recoveries.read(recovery.id))?.answered).toEqual([first]);
  });

  test('is moved on once, whether the answer or the second try comes first', async () => {
    for (let race = 0; race < 4; race += 1) {
      reported = [];
      dead = new Set();
      recovery = await begun();
      const first = await openInVain(type, 'first');
      const answered = async () => {
        await answer(first, true, 'request');
        return resumeRecovery(recovery.id, first, ports).catch(() => 'asked to come again');
      };
      const [id] = await Promise.all([open(type, 'second'), answered()]);
      expect(id).toBe(first);
      expect(reported).toEqual([{ token: 'second', as: 'success' }]);
    }
  });

  test('ends when every attempt was recorded between the two tries', async () => {
    const first = await openInVain(type, 'first');
    for (let attempt = 0; attempt < tries; attempt += 1) await answer(first, false, `wrong ${attempt}`);
    await failStep(recovery.id, first, ports);
    expect(reported).toEqual([]);
    expect(await open(type, 'second')).toBe(first);
    expect(reported).toEqual([{ token: 'second', as: 'AttemptsExhausted' }]);
  });

  test('has a new challenge when the time of the old one is over', async () => {
    const first = await openInVain(type, 'first');
    ports.advance(lifetimeSeconds);
    const second = await open(type, 'second');
    expect(second).not.toBe(first);
    expect(await answer(second, true, 'request')).toMatchObject({ kind: 'verified' });
  });

  test('of another recovery has a challenge of its own; a fifth one ends the first', async () => {
    const first = await open(type, 'first');
    for (const token of ['second', 'third', 'fourth', 'fifth']) {
      expect(reported).toEqual([]);
      ports.advance(30);
      expect(await open(type, token, await begun(recovery.userId))).not.toBe(first);
    }
    expect(reported).toEqual([{ token: 'first', as: 'Refused' }]);
  });
});

test('a code that is on its way is not sent a second time, and one that may be lost is queued again', async () => {
  const first = await openInVain('otp', 'first');
  const sent = () => backend.queued.filter(({ message }) => message.challengeId === first);
  ports.advance(120);
  await open('otp', 'second');
  const sequences = sent().map(({ message }) => message.sequence);
  expect(sequences).toEqual([1, 1]); // a worker sends one sequence once
  expect((await ports.users.read(await backend.keyOf(recovery.userId)))?.sent).toHaveLength(1);
});

test('a step for a backup code that is opened again takes the code under the new token', async () => {
  for (const token of ['first', 'second']) {
    dead.add('first');
    await writeStep(recovery.id, { type: 'backup-code', token }, ports);
  }
  expect(await resumeRecovery(recovery.id, undefined, ports)).toBe('resumed');
  expect(reported).toEqual([{ token: 'second', as: 'success' }]);
});

test('a task that comes late does not bring back a step that was answered', async () => {
  const questions = await open('kba', 'questions');
  await kinds.kba.answer(questions, true, 'request');
  await resumeRecovery(recovery.id, questions, ports);
  const code = await open('otp', 'code');
  await open('kba', 'late');
  expect(await stepNow()).toMatchObject({ type: 'otp', token: 'code', challengeId: code });
  expect((await ports.recoveries.read(recovery.id))?.answered).toEqual([questions]);
});

async function end(): Promise<void> {
  await writeEnd(recovery.id, 'succeeded', ports);
}
