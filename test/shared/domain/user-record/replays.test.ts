/** A request sent again is answered as it was, whatever happened in between. */
import { afterAll, expect, test } from 'vitest';
import { redeemCode } from '../../../../shared/domain/backup-codes/redeem-code.ts';
import { askQuestions } from '../../../../shared/domain/kba/ask-questions.ts';
import { checkAnswers } from '../../../../shared/domain/kba/check-answers.ts';
import { resendCode } from '../../../../shared/domain/otp/resend-code.ts';
import { startChallenge } from '../../../../shared/domain/otp/start-challenge.ts';
import { defaultPolicy } from '../../../../shared/domain/policy/policy.ts';
import { backendOn, enrolSomebody } from '../../../support/person.ts';
import { startTable } from '../../../support/table.ts';

const table = await startTable();
afterAll(() => table.close());
const backend = backendOn(table, { ...defaultPolicy, securityCodes: 'both' });

const wrongCode = async (userId: string, request: string) =>
  redeemCode(
    { person: await backend.person(userId), client: 'web-login', code: '0000000000000000', request },
    backend,
  );

test('a wrong backup code keeps the attempts it was told', async () => {
  const userId = await enrolSomebody(backend);
  const first = await wrongCode(userId, 'first');
  expect(first).toEqual({ kind: 'code-rejected', attemptsRemaining: 9 });
  backend.advance(1);
  await wrongCode(userId, 'second');
  expect(await wrongCode(userId, 'first')).toEqual(first);
});

test('a wrong backup code that opens the wait is told so once, and to its repetition at the same time', async () => {
  const userId = await enrolSomebody(backend);
  for (let attempt = 1; attempt <= 9; attempt += 1) await wrongCode(userId, `attempt-${attempt}`);
  const tenth = await Promise.all([1, 2, 3].map(() => wrongCode(userId, 'tenth')));
  expect(tenth).toEqual([1, 2, 3].map(() => ({ kind: 'code-rejected', attemptsRemaining: 0 })));
});

test('wrong answers keep the tries they were told', async () => {
  const userId = await enrolSomebody(backend);
  const wrong = async (client: string) => {
    const asked = await askQuestions(
      { person: await backend.person(userId), client, purpose: 'sign-in' },
      backend,
    );
    if (asked.kind !== 'questions') throw new Error(asked.kind);
    const answers = asked.view.asked.map((questionId) => ({ questionId, answer: 'wrong' }));
    const { challengeId } = asked.view;
    return () => checkAnswers({ challengeId, client, answers, request: client }, backend);
  };
  const [one, other] = [await wrong('web-login'), await wrong('credential-provider')];
  const first = await one();
  expect(first).toMatchObject({ kind: 'rejected', attemptsRemaining: 2 });
  backend.advance(1);
  expect(await other()).toMatchObject({ attemptsRemaining: 1 });
  expect(await one()).toEqual(first);
});

test('a resend is repeated also when another challenge has taken the place of its own', async () => {
  const userId = await enrolSomebody(backend);
  const client = 'web-login';
  const start = async () =>
    startChallenge({ person: await backend.person(userId), client, purpose: 'sign-in' }, backend);
  const started = await start();
  if (started.kind !== 'challenge') throw new Error(started.kind);
  const { challengeId } = started.view;
  const idempotency = { key: 'key', body: 'body', owner: client };
  const resend = () => resendCode({ challengeId, client, idempotency }, backend);
  backend.advance(30);
  const first = await resend();
  expect(first.kind).toBe('challenge');
  backend.advance(120);
  expect((await start()).kind).toBe('challenge');
  expect(await resend()).toEqual(first);
});

test('answers are judged as they were also when other questions have taken the place of theirs', async () => {
  const userId = await enrolSomebody(backend);
  const client = 'web-login';
  const ask = async () => {
    const asked = await askQuestions(
      { person: await backend.person(userId), client, purpose: 'sign-in' },
      backend,
    );
    if (asked.kind !== 'questions') throw new Error(asked.kind);
    return asked.view;
  };
  const { challengeId, asked } = await ask();
  const check = (answer: string, request: string) =>
    checkAnswers(
      { challengeId, client, answers: asked.map((questionId) => ({ questionId, answer })), request },
      backend,
    );
  const wrong = await check('wrong', 'first');
  expect(wrong).toMatchObject({ kind: 'rejected', attemptsRemaining: 2 });
  await ask();
  expect(await check('wrong', 'first')).toEqual(wrong);
  expect(await check('other', 'first')).toEqual({ kind: 'conflict' });
  expect(await check('wrong', 'second')).toEqual({ kind: 'challenge-closed' });
  backend.advance(600);
  await ask();
  expect(await check('wrong', 'first')).toEqual({ kind: 'challenge-closed' });
});
