/** The logon screens of Windows, where nobody has shown a password: what is used up there is refused there alone. */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { redeemCode } from '../../shared/domain/backup-codes/redeem-code.ts';
import { readUser } from '../../shared/domain/enrolment/read-users.ts';
import { unlockUser } from '../../shared/domain/enrolment/unlock-user.ts';
import { clientOfDoor } from '../../shared/domain/identifiers/client.ts';
import { askQuestions } from '../../shared/domain/kba/ask-questions.ts';
import { checkAnswers } from '../../shared/domain/kba/check-answers.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import { verifyCode } from '../../shared/domain/otp/verify-code.ts';
import { defaultPolicy, type Policy } from '../../shared/domain/policy/policy.ts';
import { userKey } from '../../shared/store/table.ts';
import {
  anotherCode,
  type Backend,
  backendOn,
  enrolSomebody,
  manySends,
  trusting,
  unlocking,
} from '../support/person.ts';
import { startTable } from '../support/table.ts';

const table = await startTable();
afterAll(() => table.close());

const policy: Policy = {
  ...defaultPolicy,
  ...trusting,
  securityCodes: 'both',
  otp: { ...defaultPolicy.otp, attempts: 10 },
  sends: { ...manySends.sends, perUserPerDay: 1e6 },
};
const stopsAt = (attemptsBeforeStop: number): Policy => ({
  ...policy,
  lockout: { ...policy.lockout, attemptsBeforeStop },
});
const pc = clientOfDoor('windows', 'office');
const otherPc = clientOfDoor('windows', 'branch');
const web = 'web-login';

let backend: Backend;
let requests = 0;
beforeEach(() => {
  backend = backendOn(table, policy);
});

const newRequest = () => {
  requests += 1;
  return `request-${requests}`;
};

async function opened(userId: string, client: string) {
  const person = await backend.person(userId);
  const outcome = await startChallenge({ person, client, purpose: 'sign-in' }, backend);
  if (outcome.kind !== 'challenge') throw new Error(outcome.kind);
  const { challengeId } = outcome.view;
  const code = await backend.codeOf(userId, client);
  const type = (typed: string) =>
    verifyCode({ challengeId, client, code: typed, request: newRequest() }, backend);
  return { right: () => type(code), wrong: (by = 1) => type(anotherCode(code, by)) };
}

async function redeemWrong(userId: string, client: string) {
  const asked = { client, code: '0'.repeat(16), request: newRequest() };
  return redeemCode({ ...asked, person: await backend.person(userId) }, backend);
}

/** Wrong backup codes, which need no message, each after the wait that the one before it opened. */
async function spendWrong(userId: string, client: string, times: number) {
  for (let spent = 0; spent < times; spent += 1) {
    backend.advance(3_700);
    expect((await redeemWrong(userId, client)).kind).toBe('code-rejected');
  }
}

const wait = { kind: 'attempts-exhausted', reason: 'wait' };
const stopped = { kind: 'attempts-exhausted', reason: 'stopped' };

describe.each([
  ['a person', () => enrolSomebody(backend)],
  ['a name of nobody', async () => `nobody-${newRequest()}`],
])('locking out a person by name: %s', (who, named) => {
  const passes = who === 'a person' ? { kind: 'verified' } : { kind: 'code-rejected' };

  test('ten wrong codes at one group’s PC make all PCs wait, and no web login', async () => {
    const userId = await named();
    const screen = await opened(userId, pc);
    for (let by = 1; by <= 10; by += 1) expect((await screen.wrong(by)).kind).toBe('code-rejected');
    backend.advance(1);
    expect(await (await opened(userId, otherPc)).right()).toMatchObject(wait);
    expect(await (await opened(userId, web)).right()).toMatchObject(passes);
    backend.advance(30);
    expect(await (await opened(userId, otherPc)).right()).toMatchObject(passes);
  });

  test('ten wrong codes at a web login make no PC wait', async () => {
    const userId = await named();
    const page = await opened(userId, web);
    for (let by = 1; by <= 10; by += 1) expect((await page.wrong(by)).kind).toBe('code-rejected');
    expect(await (await opened(userId, 'other-login')).right()).toMatchObject(wait);
    expect(await (await opened(userId, pc)).right()).toMatchObject(passes);
  });

  test('half of the stop in a row at PCs stops PCs alone, and leaves the other half to every other door', async () => {
    backend = backendOn(table, stopsAt(20));
    const userId = await named();
    await spendWrong(userId, pc, 10);
    backend.advance(86_400);
    expect(await (await opened(userId, pc)).right()).toEqual(stopped);
    expect(await (await opened(userId, otherPc)).right()).toEqual(stopped);
    await spendWrong(userId, web, 10);
    backend.advance(86_400);
    expect(await (await opened(userId, web)).right()).toEqual(stopped);
  });

  test('a hundred at web logins stop PCs too: the hundred are one bound of guessing', async () => {
    backend = backendOn(table, stopsAt(12));
    const userId = await named();
    await spendWrong(userId, web, 12);
    backend.advance(86_400);
    expect(await (await opened(userId, pc)).right()).toEqual(stopped);
  });

  test('wrong backup codes at PCs count there alone', async () => {
    const userId = await named();
    for (let left = 9; left >= 0; left -= 1)
      expect(await redeemWrong(userId, pc)).toMatchObject({ kind: 'code-rejected', attemptsRemaining: left });
    expect(await redeemWrong(userId, otherPc)).toMatchObject(wait);
    expect(await redeemWrong(userId, web)).toMatchObject({ kind: 'code-rejected', attemptsRemaining: 9 });
  });

  test('three wrong rounds of answers at a PC close questions there alone', async () => {
    const userId = await named();
    const answer = async (client: string) => {
      const person = await backend.person(userId);
      const asked = await askQuestions({ person, client, purpose: 'sign-in' }, backend);
      if (asked.kind !== 'questions') throw new Error(asked.kind);
      const answers = asked.questions.map(({ questionId }) => ({ questionId, answer: 'not known' }));
      const { challengeId } = asked.view;
      return checkAnswers({ challengeId, client, answers, request: newRequest() }, backend);
    };
    for (let left = 2; left >= 0; left -= 1)
      expect(await answer(pc)).toMatchObject({ kind: 'rejected', attemptsRemaining: left });
    expect(await answer(otherPc)).toMatchObject(wait);
    expect(await answer(web)).toMatchObject({ kind: 'rejected', attemptsRemaining: 2 });
  });
});

describe.each([
  ['a person', () => enrolSomebody(backend)],
  ['a name of nobody', async () => `nobody-${newRequest()}`],
])('messages by name alone, to %s', (_, named) => {
  beforeEach(() => {
    backend = backendOn(table);
  });
  const start = async (userId: string, client: string) => {
    const outcome = await startChallenge(
      { person: await backend.person(userId), client, purpose: 'sign-in', method: 'SMS' },
      backend,
    );
    backend.advance(150);
    return outcome;
  };

  test('are five a day that nobody used, over all PCs; every other door has its own', async () => {
    const userId = await named();
    const first = backend.clock.now();
    for (const client of [pc, pc, otherPc, pc, otherPc])
      expect((await start(userId, client)).kind).toBe('challenge');
    const retryAt = first + 86_400_000;
    for (const client of [pc, otherPc])
      expect(await start(userId, client)).toEqual({ kind: 'rate-limited', retryAt });
    expect((await start(userId, web)).kind).toBe('challenge');
    backend.advance(86_400 - 8 * 150);
    expect((await start(userId, pc)).kind).toBe('challenge');
    expect((await start(userId, pc)).kind).toBe('challenge');
    expect((await start(userId, pc)).kind).toBe('challenge');
  });

  test('are as few where a web login has asked for many', async () => {
    const userId = await named();
    for (let times = 0; times < 9; times += 1) expect((await start(userId, web)).kind).toBe('challenge');
    expect((await start(userId, pc)).kind).toBe('challenge');
  });
});

test('a message whose code was typed at the PC is none of the five', async () => {
  backend = backendOn(table);
  const userId = await enrolSomebody(backend);
  for (let times = 0; times < 9; times += 1) {
    expect((await (await opened(userId, pc)).right()).kind).toBe('verified');
    backend.advance(700);
  }
});

test('a success at a PC ends the row of that PC’s group and of no web login', async () => {
  backend = backendOn(table, stopsAt(10));
  const userId = await enrolSomebody(backend);
  const wrongCodes = async (client: string, times: number) => {
    for (let spent = 0; spent < times; spent += 1) {
      backend.advance(3_700);
      expect((await (await opened(userId, client)).wrong()).kind).toBe('code-rejected');
    }
  };
  await wrongCodes(pc, 4);
  await wrongCodes(web, 5);
  backend.advance(3_700);
  expect((await (await opened(userId, pc)).right()).kind).toBe('verified');
  await wrongCodes(web, 5);
  backend.advance(3_700);
  expect(await (await opened(userId, web)).right()).toEqual(stopped);
});

test('the help desk sees that only PCs are stopped, and its unlocking ends it', async () => {
  backend = backendOn(table, stopsAt(10));
  const userId = await enrolSomebody(backend);
  await spendWrong(userId, pc, 5);
  backend.advance(3_700);
  expect(await (await opened(userId, pc)).right()).toEqual(stopped);
  expect(await readUser(userId, backend)).toMatchObject({
    lock: { kind: 'none' },
    windowsLock: { kind: 'locked' },
  });
  const person = await backend.person(userId);
  expect(await unlockUser({ ...unlocking, person }, backend)).toMatchObject({ kind: 'unlocked' });
  backend.advance(3_700);
  expect((await (await opened(userId, pc)).right()).kind).toBe('verified');
});

test('a record that is older than these counts takes attempts at a PC', async () => {
  const userId = await enrolSomebody(backend);
  const Key = userKey(await backend.keyOf(userId));
  const fields = ['anonymousFailedAttempts', 'anonymousConsecutiveFailures', 'anonymousKbaTries'];
  const UpdateExpression = `REMOVE ${fields.join(', ')}`;
  await table.client.send(new UpdateItemCommand({ TableName: table.name, Key, UpdateExpression }));
  const screen = await opened(userId, pc);
  expect((await screen.wrong()).kind).toBe('code-rejected');
  expect((await screen.right()).kind).toBe('verified');
  backend.advance(3_700);
  expect((await (await opened(userId, pc)).right()).kind).toBe('verified');
});
