/** Guessing is bounded for a user over all clients, methods and challenges, for names that exist and that do not. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { reconcileAttempts } from '../../shared/domain/attempts/reconcile-attempts.ts';
import { unlockUser } from '../../shared/domain/enrolment/unlock-user.ts';
import { resendCode } from '../../shared/domain/otp/resend-code.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import { type VerifyOutcome, verifyCode } from '../../shared/domain/otp/verify-code.ts';
import { defaultPolicy, type Policy } from '../../shared/domain/policy/policy.ts';
import type { UserRecord } from '../../shared/domain/user-record/user-record.ts';
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

const policy: Policy = { ...defaultPolicy, ...trusting, ...manySends };
let backend: Backend;
let requests = 0;
beforeEach(() => {
  backend = backendOn(table, policy);
});

async function start(userId: string, client = 'web-login') {
  const outcome = await startChallenge(
    { person: await backend.person(userId), client, purpose: 'sign-in' },
    backend,
  );
  if (outcome.kind !== 'challenge') throw new Error(outcome.kind);
  return outcome.view.challengeId;
}

function tryCode(challengeId: string, code: string, client = 'web-login'): Promise<VerifyOutcome> {
  requests += 1;
  return verifyCode({ challengeId, client, code, request: `request-${requests}` }, backend);
}

/** A stop that comes soon; what a hundred in a row take at the default policy is in guessing.test.ts. */
const earlyStop: Policy = { ...policy, lockout: { ...policy.lockout, attemptsBeforeStop: 20 } };

/** Spends wrong guesses, five a challenge, waiting out the gap between two challenges and no more. */
async function spendWrong(userId: string, times: number) {
  let last: VerifyOutcome | undefined;
  for (let spent = 0; spent < times; ) {
    const id = await start(userId);
    const code = await backend.codeOf(userId, 'web-login');
    for (let wrong = 1; wrong <= 5 && spent < times; wrong += 1, spent += 1)
      last = await tryCode(id, anotherCode(code, wrong));
    backend.advance(31);
  }
  return last;
}

describe.each(['an enrolled name', 'a name that does not exist'])('%s', (who) => {
  const name = async () => {
    requests += 1;
    return who === 'an enrolled name' ? enrolSomebody(backend) : `nobody-${requests}`;
  };

  test('waits from the tenth wrong attempt on, longer each time, up to an hour', async () => {
    const userId = await name();
    expect(await spendWrong(userId, 9)).toMatchObject({ kind: 'code-rejected' });
    backend.advance(121);
    const waits: number[] = [];
    for (let attempt = 10; attempt <= 19; attempt += 1) {
      const id = await start(userId);
      const code = await backend.codeOf(userId, 'web-login');
      expect(await tryCode(id, anotherCode(code))).toMatchObject({ kind: 'code-rejected' });
      const refused = await tryCode(id, anotherCode(code, 2));
      if (refused.kind !== 'attempts-exhausted' || refused.retryAt === undefined)
        throw new Error(refused.kind);
      waits.push((refused.retryAt - backend.clock.now()) / 1000);
      backend.advance(Math.max(121, (waits.at(-1) as number) + 1));
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]);
  });

  test('stops at as many in a row as policy says', async () => {
    backend = backendOn(table, earlyStop);
    const userId = await name();
    for (let spent = 0; spent < 20; spent += 1) {
      const id = await start(userId);
      const code = await backend.codeOf(userId, 'web-login');
      const outcome = await tryCode(id, anotherCode(code));
      expect(outcome.kind).toBe('code-rejected');
      backend.advance(3_601);
    }
    backend.advance(86_400);
    const id = await start(userId);
    expect(await tryCode(id, await backend.codeOf(userId, 'web-login'))).toEqual({
      kind: 'attempts-exhausted',
      reason: 'stopped',
    });
  });
});

test('a stop ends when the help desk unlocks', async () => {
  backend = backendOn(table, earlyStop);
  const userId = await enrolSomebody(backend);
  for (let spent = 0; spent < 20; spent += 1) {
    await tryCode(await start(userId), anotherCode(await backend.codeOf(userId, 'web-login')));
    backend.advance(3_601);
  }
  backend.advance(4 * 3_601); // the first message of the day's share is a day old
  await start(userId);
  expect(backend.queued.length).toBeGreaterThan(20);
  expect(await unlockUser({ ...unlocking, person: await backend.person(userId) }, backend)).toMatchObject({
    kind: 'unlocked',
  });
  backend.advance(121);
  const id = await start(userId);
  expect((await tryCode(id, await backend.codeOf(userId, 'web-login'))).kind).toBe('verified');
});

test('resend to reset attempts: another client, challenge or resend gives no fresh ones', async () => {
  const userId = await enrolSomebody(backend);
  const first = await start(userId, 'first');
  const second = await start(userId, 'second');
  const third = await start(userId, 'third');
  const outcomes: VerifyOutcome[] = [];
  for (const [id, client] of [
    [first, 'first'],
    [second, 'second'],
    [third, 'third'],
  ] as const) {
    const code = await backend.codeOf(userId, client);
    for (let wrong = 1; wrong <= 4; wrong += 1)
      outcomes.push(await tryCode(id, anotherCode(code, wrong), client));
  }
  expect(outcomes.map(({ kind }) => kind)).toEqual([
    ...Array.from({ length: 10 }, () => 'code-rejected'),
    'attempts-exhausted',
    'attempts-exhausted',
  ]);
  backend.advance(31);
  const resent = await resendCode({ challengeId: first, client: 'first' }, backend);
  expect(resent).toMatchObject({ kind: 'challenge', view: { attemptsRemaining: 1 } });
});

test('parallel brute force over many clients: attempts stay within the budget of the user', async () => {
  const userId = await enrolSomebody(backend);
  const clients = Array.from({ length: 6 }, (_, place) => `client-${place}`);
  const open: (readonly [string, string, string])[] = [];
  for (const client of clients)
    open.push([client, await start(userId, client), await backend.codeOf(userId, client)]);
  const outcomes = await Promise.all(
    open.flatMap(([client, id, code]) =>
      [1, 2, 3, 4].map((wrong) => tryCode(id, anotherCode(code, wrong), client)),
    ),
  );
  expect(outcomes.filter(({ kind }) => kind === 'code-rejected')).toHaveLength(10);
});

test('a success counts as no failure and ends the row of its method, and gives back none of the day', async () => {
  const userId = await enrolSomebody(backend);
  await spendWrong(userId, 9);
  backend.advance(121);
  const id = await start(userId);
  expect((await tryCode(id, await backend.codeOf(userId, 'web-login'))).kind).toBe('verified');
  const next = await start(userId);
  const code = await backend.codeOf(userId, 'web-login');
  expect((await tryCode(next, anotherCode(code))).kind).toBe('code-rejected');
  expect((await tryCode(next, code)).kind).toBe('attempts-exhausted');
  backend.advance(31);
  expect((await tryCode(next, code)).kind).toBe('verified');
});

test.each([
  ['after', ['second', 'first']],
  ['after', ['first', 'second']],
  ['before', ['first', 'second']],
  ['before', ['second', 'first']],
] as const)(
  'what one client got wrong %s another one’s success stays in its own row, whichever they are',
  async (when, [wrong, right]) => {
    const userId = await enrolSomebody(backend);
    const first = await start(userId, 'first');
    const second = await start(userId, 'second');
    const ids = { first, second };
    const failed = async () => {
      const code = anotherCode(await backend.codeOf(userId, wrong));
      expect((await tryCode(ids[wrong], code, wrong)).kind).toBe('code-rejected');
    };
    if (when === 'before') await failed();
    backend.advance(1);
    expect((await tryCode(ids[right], await backend.codeOf(userId, right), right)).kind).toBe('verified');
    backend.advance(1);
    if (when === 'after') await failed();
    const record = (await backend.users.read(await backend.keyOf(userId))) as UserRecord;
    expect(
      reconcileAttempts(record, backend.keyring, backend.clock.now(), policy.lockout).consecutiveFailures,
    ).toBe(1);
  },
);

test('a success that nobody has settled yet does not lock another client', async () => {
  const userId = await enrolSomebody(backend);
  await spendWrong(userId, 5);
  backend.advance(121);
  const [first, second] = [await start(userId, 'first'), await start(userId, 'second')];
  const [rightFirst, rightSecond] = [
    await backend.codeOf(userId, 'first'),
    await backend.codeOf(userId, 'second'),
  ];
  expect((await tryCode(first, rightFirst, 'first')).kind).toBe('verified');
  for (let wrong = 1; wrong <= 4; wrong += 1) {
    expect((await tryCode(second, anotherCode(rightSecond, wrong), 'second')).kind).toBe('code-rejected');
  }
  expect((await tryCode(second, rightSecond, 'second')).kind).toBe('verified');
});
