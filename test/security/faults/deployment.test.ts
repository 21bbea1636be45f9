/** A deployment that changes the policy while something is open: what was promised holds, or the answer says why not. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readBackupCode } from '../../../shared/domain/backup-codes/backup-code.ts';
import { generateCodes } from '../../../shared/domain/backup-codes/generate-codes.ts';
import { redeemCode } from '../../../shared/domain/backup-codes/redeem-code.ts';
import { readChallenge } from '../../../shared/domain/challenge/read-challenge.ts';
import { enrolUser } from '../../../shared/domain/enrolment/enrol-user.ts';
import { askQuestions } from '../../../shared/domain/kba/ask-questions.ts';
import { checkAnswers } from '../../../shared/domain/kba/check-answers.ts';
import { enrolQuestion } from '../../../shared/domain/kba/enrolled-questions.ts';
import { resendCode } from '../../../shared/domain/otp/resend-code.ts';
import { startChallenge } from '../../../shared/domain/otp/start-challenge.ts';
import { verifyCode } from '../../../shared/domain/otp/verify-code.ts';
import { defaultPolicy, type Policy } from '../../../shared/domain/policy/policy.ts';
import { anotherCode, type Backend, backendOn, enrolSomebody, trusting } from '../../support/person.ts';
import { startTable, type TestTable } from '../../support/table.ts';
import { workerOn } from '../../support/worker.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.close());

const client = 'web-login';
const before: Policy = {
  ...defaultPolicy,
  securityCodes: 'both',
  ...trusting,
  forgotPhone: { enabled: true, method: 'kba', usersSelect: true },
};
let backend: Backend;
beforeEach(() => {
  backend = backendOn(table, before);
});

/** The same table, keys and clock under another policy. */
const deployed = (changes: Partial<Policy>): Backend => {
  const after = backendOn(table, { ...before, ...changes }, backend.keyring);
  return { ...after, clock: backend.clock };
};

let requests = 0;
const newRequest = () => {
  requests += 1;
  return `request-${requests}`;
};
async function opened(method: 'SMS' | 'Email' | 'Call' = 'SMS') {
  const userId = await enrolSomebody(backend);
  const outcome = await startChallenge(
    { person: await backend.person(userId), client, purpose: 'sign-in', method },
    backend,
  );
  if (outcome.kind !== 'challenge') throw new Error(outcome.kind);
  const { challengeId } = outcome.view;
  return { userId, challengeId, code: await backend.codeOf(userId, client), view: outcome.view };
}
const verify = (challengeId: string, code: string, on: Backend) =>
  verifyCode({ challengeId, client, code, request: newRequest() }, on);

describe('with an open challenge', () => {
  test('another length of codes: the code keeps its own, new ones have the new one', async () => {
    const { challengeId, code } = await opened();
    const after = deployed({ otp: { ...before.otp, digits: 8 } });
    expect(await readChallenge(challengeId, client, after)).toMatchObject({ codeLength: 6 });
    expect(code).toHaveLength(6);
    expect((await verify(challengeId, code, after)).kind).toBe('verified');
    const { userId } = await opened();
    backend.advance(60);
    const next = await startChallenge(
      { person: await backend.person(userId), client, purpose: 'sign-in' },
      after,
    );
    expect(next).toMatchObject({ view: { codeLength: 8 } });
    expect(await after.codeOf(userId, client)).toHaveLength(8);
  });

  test('fewer attempts and a shorter life: it keeps the attempts and the end that were told', async () => {
    const { challengeId, code, view } = await opened();
    const after = deployed({ otp: { ...before.otp, attempts: 1, lifetimeSeconds: 60 } });
    expect(await verify(challengeId, anotherCode(code), after)).toMatchObject({ attemptsRemaining: 4 });
    backend.advance(299);
    expect(await readChallenge(challengeId, client, after)).toMatchObject({
      status: 'pending',
      expiresAt: view.expiresAt,
    });
    expect((await verify(challengeId, code, after)).kind).toBe('verified');
  });

  test('the fallback switched off: every request says so and records no attempt, and switched on again the code works', async () => {
    const { userId, challengeId, code } = await opened();
    const after = deployed({ mode: 'DirectFidoAuth' });
    const refused = { kind: 'fallback-disabled' };
    expect(await verify(challengeId, code, after)).toEqual(refused);
    expect(await resendCode({ challengeId, client }, after)).toEqual(refused);
    expect(
      await startChallenge({ person: await backend.person(userId), client, purpose: 'sign-in' }, after),
    ).toEqual(refused);
    expect((await verify(challengeId, code, backend)).kind).toBe('verified');
  });

  test('its method ruled out: the code that left works, and a resend says that there is no other by it', async () => {
    const { challengeId, code } = await opened('SMS');
    const after = deployed({ mfaMethod: 'Email' });
    backend.advance(30);
    expect(await resendCode({ challengeId, client }, after)).toEqual({ kind: 'method-unavailable' });
    expect((await verify(challengeId, code, after)).kind).toBe('verified');
    const other = await opened('SMS');
    backend.advance(30);
    const resent = await resendCode({ challengeId: other.challengeId, client, method: 'Email' }, after);
    expect(resent).toMatchObject({ kind: 'challenge', view: { method: 'Email', destination: /@/ } });
  });

  test('the voice gone: the same for a call', async () => {
    const { challengeId, code } = await opened('Call');
    const after: Backend = { ...deployed({}), voice: false };
    backend.advance(30);
    expect(await resendCode({ challengeId, client }, after)).toEqual({ kind: 'method-unavailable' });
    expect((await verify(challengeId, code, after)).kind).toBe('verified');
  });

  test('a message that waits is delivered by the worker of the new deployment with the code that was promised', async () => {
    const { userId, challengeId } = await opened('SMS');
    const after = deployed({ otp: { ...before.otp, digits: 10 } });
    after.queued.push(...backend.queued.splice(0));
    const worker = workerOn(table, after);
    expect(await worker.work()).toEqual([{ kind: 'sent' }]);
    expect(worker.left[0]?.code).toBe(await backend.codeOf(userId, client));
    expect((await verify(challengeId, worker.left[0]?.code ?? '', after)).kind).toBe('verified');
  });
});

describe('with open questions', () => {
  const texts = ['first-teacher', 'childhood-street', 'first-film', 'first-concert'];
  const answerTo = (questionId: string) => `The answer to ${questionId}`;
  async function asked() {
    const userId = await enrolSomebody(backend);
    const questions = await Promise.all(
      texts.map((questionId) => enrolQuestion({ questionId, answer: answerTo(questionId) }, backend.keyring)),
    );
    await enrolUser({ userId, email: `${userId}@example.com` }, true, backend, questions);
    const outcome = await askQuestions(
      { person: await backend.person(userId), client, purpose: 'sign-in' },
      backend,
    );
    if (outcome.kind !== 'questions') throw new Error(outcome.kind);
    return { userId, ...outcome.view };
  }
  const check = (challengeId: string, ids: readonly string[], on: Backend) => {
    const answers = ids.map((questionId) => ({ questionId, answer: answerTo(questionId) }));
    return checkAnswers({ challengeId, client, answers, request: newRequest() }, on);
  };

  test('more of them wanted: those that were put are enough, the next ones are more', async () => {
    const { userId, challengeId, asked: put } = await asked();
    const after = deployed({ kba: { ...before.kba, questions: 4 } });
    expect(put).toHaveLength(3);
    expect((await check(challengeId, put, after)).kind).toBe('verified');
    const next = await askQuestions(
      { person: await backend.person(userId), client, purpose: 'sign-in' },
      after,
    );
    if (next.kind !== 'questions') throw new Error(next.kind);
    expect(next.view.asked).toHaveLength(4);
    expect((await check(next.view.challengeId, next.view.asked, after)).kind).toBe('verified');
  });

  test('the fallback switched off: refused, and no attempt is recorded', async () => {
    const { userId, challengeId, asked: put } = await asked();
    const after = deployed({ mode: 'DirectFidoAuth' });
    expect(await check(challengeId, put, after)).toEqual({ kind: 'fallback-disabled' });
    expect((await backend.users.read(await backend.keyOf(userId)))?.kbaTries).toEqual([]);
    expect((await check(challengeId, put, backend)).kind).toBe('verified');
  });
});

describe('with backup codes', () => {
  test('switched off they are refused and not used up, and one kind alone leaves the other waiting', async () => {
    const userId = await enrolSomebody(backend);
    const made = await generateCodes(
      {
        person: await backend.person(userId),
        kind: 'static',
        count: 1,
        operator: 'olga',
        reason: 'lost the phone',
        client: 'helpdesk',
        request: newRequest(),
      },
      backend,
    );
    if (made.kind !== 'generated') throw new Error(made.kind);
    const use = async (on: Backend) =>
      redeemCode(
        {
          person: await on.person(userId),
          client,
          code: readBackupCode(made.codes[0] as string) as string,
          request: newRequest(),
        },
        on,
      );
    expect(await use(deployed({ securityCodes: 'none' }))).toEqual({ kind: 'fallback-disabled' });
    expect(await use(deployed({ mode: 'DirectFidoAuth' }))).toEqual({ kind: 'fallback-disabled' });
    expect((await use(deployed({ securityCodes: 'one-time' }))).kind).toBe('code-rejected');
    expect((await use(backend)).kind).toBe('verified');
  });
});
