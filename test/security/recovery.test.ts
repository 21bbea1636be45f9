/** A recovery cannot be shortened, reordered, taken over or answered twice, and leaves no door when it fails. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeSentTo, messagesTo, problemOf, until } from '../e2e/people.ts';
import {
  enrolRecovering,
  type Recovering,
  recoverer,
  rightAnswers,
  wrongAnswers,
} from '../e2e/recovering.ts';
import { borrowStack, type Json, type Stack } from '../stack.ts';

let stack: Stack;
let api: ReturnType<typeof recoverer>;
beforeAll(async () => {
  stack = await borrowStack();
  api = recoverer(stack);
});
afterAll(() => stack.stop());

const closed = { status: 410, code: 'challenge-closed' };
const stranger = { client: 'web-login' } as const;

interface HistoryEvent {
  readonly type: string;
  readonly state?: string;
}
const eventsOf = async (id: string): Promise<HistoryEvent[]> => JSON.parse(await api.history(id)).events;
/** The history has its last event a moment after the recovery's own record. */
const ofType = async (id: string, type: string) =>
  (await eventsOf(id)).filter((event) => event.type === type).map(({ state }) => state);

/** Stays so for longer than a step may take. */
async function staysPending(id: string): Promise<Json> {
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const { body } = await api.read(id);
  expect(body).toMatchObject({ status: 'pending' });
  expect(body).not.toHaveProperty('verification');
  return body;
}

describe('skipped step: a step cannot be left out', () => {
  test('by a code of a recovery that asked for no questions', async () => {
    const person = await enrolRecovering(stack);
    const both = await api.begin(person.userId, { path: 'kba+otp-alternate-email' });
    const short = await api.begin(person.userId, { path: 'otp-alternate-email' });
    const { challengeId } = short.step.challenge;
    expect((await api.verify(challengeId, await api.alternateCode(person))).status).toBe(200);
    expect(await api.past(short.recoveryId, 'otp')).toMatchObject({
      status: 'succeeded',
      verification: { acr: 'urn:mfa-fallback:acr:otp-email' },
    });
    expect((await staysPending(both.recoveryId)).step.type).toBe('kba');
  });

  test('by answering both steps’ recoveries crosswise', async () => {
    const person = await enrolRecovering(stack);
    const questions = await api.begin(person.userId, { path: 'kba' });
    const both = await api.begin(person.userId, { path: 'kba+otp-alternate-email' });
    expect((await api.check(both.step.challenge)).status).toBe(200);
    expect((await api.past(both.recoveryId, 'kba')).step.type).toBe('otp');
    expect((await staysPending(questions.recoveryId)).step.type).toBe('kba');
    // Its questions serve it alone, and are answered apart from the others.
    expect((await api.check(questions.step.challenge)).status).toBe(200);
    expect((await api.past(questions.recoveryId, 'kba')).status).toBe('succeeded');
    expect((await staysPending(both.recoveryId)).step.type).toBe('otp');
  });

  test('by a backup code where the path asks for something else', async () => {
    const person = await enrolRecovering(stack);
    const [code] = (await api.generate(person.userId, { kind: 'one-time' })).body.codes;
    for (const more of [{}, { path: 'kba' }, { path: 'otp-alternate-email' }]) {
      const { recoveryId } = await api.begin(person.userId, more);
      for (const key of [undefined, 'crosswise']) {
        const answer = await api.useBackupCode({ recoveryId, code }, key === undefined ? {} : { key });
        expect(problemOf(answer)).toMatchObject(closed);
      }
    }
    expect((await api.useBackupCode({ userId: person.userId, code })).body.purpose).toBe('sign-in');
  });

  test('by choosing a path where none is to be chosen', async () => {
    const person = await enrolRecovering(stack);
    const { recoveryId } = await api.begin(person.userId, { path: 'kba+otp-alternate-email' });
    for (const path of ['kba', 'backup-code', 'otp-alternate-email']) {
      expect(problemOf(await api.choose(recoveryId, path))).toMatchObject(closed);
    }
    expect((await api.read(recoveryId)).body.step.type).toBe('kba');
  });
});

describe('step taken from elsewhere: what was verified for a sign-in', () => {
  test('moves no recovery on, and what is verified in a recovery signs nobody in', async () => {
    const person = await enrolRecovering(stack);
    const kba = await api.begin(person.userId, { path: 'kba' });
    const own = await api.askQuestions(person.userId);
    expect((await api.check(own.body)).body).toMatchObject({ purpose: 'sign-in' });
    expect((await staysPending(kba.recoveryId)).step.type).toBe('kba');
    const inside = await api.check(kba.step.challenge);
    expect(inside.body).toMatchObject({ verified: true, purpose: 'recovery' });
    expect(inside.text).not.toContain('assertion');
  });

  test('factor recovered with itself: a code by email neither, it is another code, to another address', async () => {
    const person = await enrolRecovering(stack);
    const { recoveryId, step } = await api.begin(person.userId, { path: 'otp-alternate-email' });
    const { body } = await api.start(person.userId, { method: 'Email' });
    expect(body.challengeId).not.toBe(step.challenge.challengeId);
    const signIn = await codeSentTo(stack, person.email);
    expect(problemOf(await api.verify(step.challenge.challengeId, signIn))).toMatchObject({ status: 422 });
    expect((await api.verify(body.challengeId, signIn)).body).toMatchObject({ purpose: 'sign-in' });
    expect((await api.read(recoveryId)).body.status).toBe('pending');
  });

  test('is the only purpose that a public route can give', async () => {
    const person = await enrolRecovering(stack);
    for (const [path, body] of [
      ['/v1/otp-challenges', { userId: person.userId, method: 'Email' }],
      ['/v1/kba-challenges', { userId: person.userId }],
      ['/v1/backup-codes/verify', { userId: person.userId, code: '0000-0000-0000-0000' }],
    ] as const) {
      for (const more of [
        { purpose: 'recovery' },
        { recovery: 'x' },
        { task: 'send-code', recoveryId: 'x' },
      ]) {
        const answer = await api.call('POST', path, { ...body, ...more });
        expect(problemOf(answer)).toMatchObject({ status: 400, code: 'invalid-request' });
      }
    }
    const { recoveryId } = await api.begin(person.userId);
    for (const body of [
      { task: 'succeed', recoveryId, path: 'kba' },
      { task: 'succeed', recoveryId, token: 'x' },
    ]) {
      const answer = await api.call('POST', `/v1/recoveries/${recoveryId}/path`, body);
      expect(problemOf(answer)).toMatchObject({ status: 400 });
    }
    expect((await api.read(recoveryId)).body.status).toBe('pending');
    expect(await messagesTo(stack, person.alternateEmail)).toBe(0);
  });
});

describe('recovery taken over: another client', () => {
  test('cannot answer, resend, choose or read, also with the right answers', async () => {
    const person = await enrolRecovering(stack);
    const code = (await api.generate(person.userId, { kind: 'one-time' })).body.codes[0];
    const choosing = await api.begin(person.userId);
    const backup = await api.begin(person.userId, { path: 'backup-code' });
    const kba = await api.begin(person.userId, { path: 'kba' });
    const otp = await api.begin(person.userId, { path: 'otp-alternate-email' });
    const { challengeId } = otp.step.challenge;
    for (const answer of [
      await api.choose(choosing.recoveryId, 'kba', stranger),
      await api.useBackupCode({ recoveryId: backup.recoveryId, code }, stranger),
      await api.useBackupCode({ recoveryId: backup.recoveryId, code }, { ...stranger, key: 'stranger' }),
      await api.check(kba.step.challenge, rightAnswers, stranger),
      await api.verify(challengeId, await api.alternateCode(person), stranger),
      await api.resend(challengeId, {}, stranger),
      await api.status(challengeId, stranger),
      await api.read(otp.recoveryId, stranger),
    ]) {
      expect(problemOf(answer)).toMatchObject(closed);
    }
    for (const { recoveryId } of [choosing, backup, kba, otp]) {
      expect((await api.read(recoveryId)).body.status).toBe('pending');
    }
  });

  test('has a recovery of its own at the same time, and each finishes alone', async () => {
    const person = await enrolRecovering(stack);
    const mine = await api.begin(person.userId, { path: 'kba' });
    const theirs = await api.begin(person.userId, { path: 'kba' }, stranger);
    expect((await api.check(mine.step.challenge)).status).toBe(200);
    expect((await api.past(mine.recoveryId, 'kba')).status).toBe('succeeded');
    expect((await api.read(theirs.recoveryId, stranger)).body.status).toBe('pending');
    expect((await api.check(theirs.step.challenge, rightAnswers, stranger)).status).toBe(200);
    expect((await api.past(theirs.recoveryId, 'kba', stranger)).status).toBe('succeeded');
  });
});

describe('a second recovery of the same person by the same client, from another PC', () => {
  test('is not finished by the code that the first one’s person got, and finishes nothing for the first', async () => {
    const person = await enrolRecovering(stack);
    const first = await api.begin(person.userId, { path: 'otp-alternate-email' });
    const code = await api.alternateCode(person);
    const second = await api.begin(person.userId, { path: 'otp-alternate-email' });
    expect(second.step.challenge.challengeId).not.toBe(first.step.challenge.challengeId);
    expect(await messagesTo(stack, person.alternateEmail)).toBe(1);
    const { challengeId, prompt, destination } = second.step.challenge;
    expect(prompt).toMatch(/^No code was sent to .+ yet\. You can ask for one in \d+ seconds\.$/);
    expect(prompt).toContain(destination);
    expect(problemOf(await api.verify(challengeId, code))).toMatchObject({ status: 422 });
    // Each goes on by itself. The newer one gets its own code when the gap is over, and is finished by that.
    expect(problemOf(await api.resend(challengeId))).toMatchObject({ status: 429, code: 'rate-limited' });
    await stack.advance(30);
    expect((await api.resend(challengeId)).status).toBe(200);
    expect((await api.verify(challengeId, await api.alternateCode(person, 2))).status).toBe(200);
    expect((await api.past(second.recoveryId, 'otp')).status).toBe('succeeded');
    expect((await staysPending(first.recoveryId)).step.type).toBe('otp');
    expect((await api.verify(first.step.challenge.challengeId, code)).status).toBe(200);
    expect((await api.past(first.recoveryId, 'otp')).status).toBe('succeeded');
  });

  test('looks the same for somebody who does not exist', async () => {
    const person = await enrolRecovering(stack);
    const seen = [];
    for (const userId of [person.userId, `nobody-${process.pid}-second`]) {
      const first = await api.begin(userId, { path: 'otp-alternate-email' });
      const old = first.step.challenge.challengeId;
      await stack.advance(3);
      await until(
        async () => (await api.status(old)).body.delivery,
        (delivery) => delivery === 'sent',
      );
      const { step } = await api.begin(userId, { path: 'otp-alternate-email' });
      const { challengeId } = step.challenge;
      const { status, delivery } = (await api.status(challengeId)).body;
      seen.push({
        old: problemOf(await api.verify(old, '000000')),
        fresh: problemOf(await api.verify(challengeId, '000000')),
        status,
        delivery,
        isSame: old === challengeId,
      });
    }
    expect(seen[1]).toEqual(seen[0]);
  });
});

describe('parallel answers to one step: a step that is answered', () => {
  test('thirty times at once resumes the workflow once', async () => {
    const person = await enrolRecovering(stack);
    const { recoveryId, step } = await api.begin(person.userId, { path: 'otp-alternate-email' });
    const code = await api.alternateCode(person);
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => api.verify(step.challenge.challengeId, code)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await api.past(recoveryId, 'otp')).status).toBe('succeeded');
    await expect.poll(() => ofType(recoveryId, 'TaskSucceeded')).toEqual(['SendCode', 'Succeed']);
  });

  test('thirty times at once with a backup code uses one code', async () => {
    const person = await enrolRecovering(stack);
    const { codes } = (await api.generate(person.userId, { kind: 'static', count: 2 })).body;
    const { recoveryId } = await api.begin(person.userId, { path: 'backup-code' });
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => api.useBackupCode({ recoveryId, code: codes[0] })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await api.past(recoveryId, 'backup-code')).status).toBe('succeeded');
    await expect.poll(() => ofType(recoveryId, 'TaskSucceeded')).toEqual(['AskBackupCode', 'Succeed']);
    expect((await api.countCodes(person.userId)).body.static.remaining).toBe(1);
  });
});

describe('stale callback: a recovery that is over', () => {
  test('is not taken up again by what was right for it, and nothing of it verifies', async () => {
    const person = await enrolRecovering(stack);
    const { recoveryId, step } = await api.begin(person.userId, { path: 'kba+otp-alternate-email' });
    await api.check(step.challenge);
    const asked = await api.past(recoveryId, 'kba');
    const { challengeId } = asked.step.challenge;
    const code = await api.alternateCode(person);
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      await api.verify(challengeId, code === '000000' ? '111111' : '000000');
    }
    expect((await api.past(recoveryId, 'otp')).status).toBe('failed');
    expect(problemOf(await api.verify(challengeId, code))).toMatchObject({ code: 'attempts-exhausted' });
    expect(problemOf(await api.check(step.challenge))).toMatchObject(closed);
    await stack.advance(30);
    const resent = await api.resend(challengeId);
    expect(problemOf(resent)).toMatchObject({ code: 'attempts-exhausted' });
    expect((await api.read(recoveryId)).body).toMatchObject({ status: 'failed' });
    await expect.poll(() => ofType(recoveryId, 'TaskFailed')).toEqual(['SendCode']);
  });

  test('by its time takes no right code: the answer is the same as for one that never was', async () => {
    const person = await enrolRecovering(stack);
    const codes = (await api.generate(person.userId, { kind: 'static', count: 1 })).body.codes;
    const backup = await api.begin(person.userId, { path: 'backup-code' });
    const otp = await api.begin(person.userId, { path: 'otp-alternate-email' });
    const { challengeId } = otp.step.challenge;
    await stack.advance(895);
    // A code that is fresh although its recovery is nearly over.
    await stack.clearOutbox();
    const resent = await api.resend(challengeId);
    await stack.advance(6);
    expect(problemOf(resent)).toMatchObject(closed); // a challenge lives for five minutes
    for (const answer of [
      await api.verify(challengeId, '123456'),
      await api.useBackupCode({ recoveryId: backup.recoveryId, code: codes[0] }),
      await api.useBackupCode({ recoveryId: backup.recoveryId, code: codes[0] }, { key: 'late' }),
    ]) {
      expect(problemOf(answer)).toMatchObject(closed);
    }
    for (const { recoveryId } of [backup, otp]) {
      expect((await api.read(recoveryId)).body.status).toBe('timed-out');
      await until(
        () => ofType(recoveryId, 'ExecutionFailed'),
        (ends) => ends.length === 1,
      );
    }
    expect((await api.countCodes(person.userId)).body.static.remaining).toBe(1);
  });

  test('by its time is not saved by a code or answers that are still good', async () => {
    const late = await Promise.all(
      ['otp-alternate-email', 'kba'].map(async (path) => {
        const person = await enrolRecovering(stack);
        return { person, path, ...(await api.begin(person.userId)) };
      }),
    );
    await stack.advance(880);
    for (const { recoveryId, path } of late) await api.choose(recoveryId, path);
    const [byCode, byAnswers] = await Promise.all(
      late.map(async ({ recoveryId }) => api.past(recoveryId, 'choose')),
    );
    const code = await api.alternateCode(late[0]?.person as Recovering);
    await stack.advance(21);
    const answers = [
      await api.verify(byCode.step.challenge.challengeId, code, { key: 'late' }),
      await api.verify(byCode.step.challenge.challengeId, code, { key: 'late' }),
      await api.check(byAnswers.step.challenge),
    ];
    for (const answer of answers) expect(problemOf(answer)).toMatchObject(closed);
    for (const { recoveryId } of late) {
      expect((await api.read(recoveryId)).body.status).toBe('timed-out');
      expect(await ofType(recoveryId, 'TaskSucceeded')).not.toContain('Succeed');
    }
  });

  test('fails with the last wrong answers, and right ones after them change nothing', async () => {
    const person = await enrolRecovering(stack);
    const { recoveryId, step } = await api.begin(person.userId, { path: 'kba' });
    for (let attempt = 1; attempt <= 3; attempt += 1) await api.check(step.challenge, wrongAnswers);
    expect((await api.past(recoveryId, 'kba')).status).toBe('failed');
    expect(problemOf(await api.check(step.challenge))).toMatchObject({ code: 'attempts-exhausted' });
    expect((await api.read(recoveryId)).body.status).toBe('failed');
  });
});
