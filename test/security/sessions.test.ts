/** Two sessions of one person at one client, perhaps a person's and a thief's: neither has anything of the other. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { readChallenge } from '../../shared/domain/challenge/read-challenge.ts';
import { rightCode } from '../../shared/domain/challenge/winning-attempt.ts';
import { enrolUser } from '../../shared/domain/enrolment/enrol-user.ts';
import { slotOf } from '../../shared/domain/identifiers/challenge-id.ts';
import { clientOfDoor, doorKindOf } from '../../shared/domain/identifiers/client.ts';
import { askQuestions } from '../../shared/domain/kba/ask-questions.ts';
import { checkAnswers } from '../../shared/domain/kba/check-answers.ts';
import { resendCode } from '../../shared/domain/otp/resend-code.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import { verifyCode } from '../../shared/domain/otp/verify-code.ts';
import { clientOf } from '../../shared/domain/sign-in-session/session.ts';
import { challengeKeyOf } from '../../shared/domain/user-record/challenge.ts';
import { readRequest } from '../../shared/http/request.ts';
import { anotherCode, type Backend, backendOn } from '../support/person.ts';
import { startTable } from '../support/table.ts';
import { workerOn } from '../support/worker.ts';

const table = await startTable();
afterAll(() => table.close());

const client = 'web-login';
let backend: Backend;
let userId: string;
let requests = 0;
let people = 0;
beforeEach(async () => {
  backend = backendOn(table);
  people += 1;
  userId = `of-sessions-${people}`;
  const phone = { number: `+1202556${1000 + people}`, country: 'US' };
  const addresses = { phone, email: `${userId}@example.com`, alternateEmail: `${userId}@alternate.example` };
  await enrolUser({ userId, ...addresses }, true, backend);
});

type Start = Partial<Parameters<typeof startChallenge>[0]>;
const start = async (session: string | undefined, more: Start = {}) =>
  startChallenge(
    { person: await backend.person(userId), client, purpose: 'sign-in', session, ...more },
    backend,
  );

async function started(session: string | undefined, more: Start = {}) {
  const outcome = await start(session, more);
  if (outcome.kind !== 'challenge') throw new Error(outcome.kind);
  return outcome;
}

function verify(challengeId: string, code: string) {
  requests += 1;
  return verifyCode({ challengeId, client, code, request: `request-${requests}` }, backend);
}

async function inRecovery(recovery: string) {
  const { view, superseded } = await started(undefined, { purpose: 'recovery', recovery });
  return { view, superseded };
}

const kept = async () => Object.values((await backend.person(userId)).record?.challenges ?? {});

describe('a code relayed from one session to another', () => {
  test('is a code relayed from one session to another, and wrong there', async () => {
    const mine = await started('mine');
    backend.advance(30);
    const other = await started('other');
    expect(other.view.challengeId).not.toBe(mine.view.challengeId);
    const [myCode, otherCode] = await Promise.all([
      backend.codeOf(userId, client, 'mine'),
      backend.codeOf(userId, client, 'other'),
    ]);
    expect((await verify(other.view.challengeId, myCode)).kind).toBe('code-rejected');
    expect((await verify(mine.view.challengeId, otherCode)).kind).toBe('code-rejected');
    expect((await verify(mine.view.challengeId, myCode)).kind).toBe('verified');
    expect((await verify(other.view.challengeId, otherCode)).kind).toBe('verified');
  });

  test('attempts of one session are not those of another', async () => {
    const mine = await started('mine');
    backend.advance(30);
    const other = await started('other');
    const wrong = anotherCode(await backend.codeOf(userId, client, 'other'));
    for (let left = 4; left >= 0; left -= 1) {
      expect(await verify(other.view.challengeId, wrong)).toMatchObject({ attemptsRemaining: left });
    }
    expect((await verify(other.view.challengeId, wrong)).kind).toBe('attempts-exhausted');
    const code = await backend.codeOf(userId, client, 'mine');
    expect((await verify(mine.view.challengeId, code)).kind).toBe('verified');
  });

  test('requests without a session are one session, and no session has that name', async () => {
    const first = await started(undefined);
    expect((await started(undefined)).view).toEqual(first.view);
    expect(slotOf({ session: 'a' })).not.toBe(slotOf({}));
    expect(slotOf({ session: 'a' })).not.toBe(slotOf({ recovery: 'a' }));
    expect(slotOf({ session: `\0recovery` })).not.toBe(slotOf({ recovery: '' }));
  });

  test('an id does not open the challenge for another client, whatever session it names', async () => {
    const { view } = await started('mine');
    const code = await backend.codeOf(userId, client, 'mine');
    const stolen = { challengeId: view.challengeId, code, request: 'stolen' };
    for (const other of ['another', clientOfDoor('windows', client), clientOfDoor('page', client)]) {
      expect((await verifyCode({ ...stolen, client: other }, backend)).kind).toBe('challenge-closed');
      expect(await readChallenge(view.challengeId, other, backend)).toBeUndefined();
    }
  });
});

describe('the cooldown is one for all sessions', () => {
  test('sessions to get more messages: one without an open challenge waits', async () => {
    const { view } = await started('mine');
    expect(await start('other')).toEqual({ kind: 'rate-limited', retryAt: view.resendAvailableAt });
    expect((await started('mine')).view).toEqual(view);
    expect(new Set(backend.queued.map(({ message }) => message.challengeId)).size).toBe(1);
  });

  test('a message of one session makes the others wait for theirs, and each is told so', async () => {
    const mine = await started('mine');
    backend.advance(30);
    const other = await started('other');
    await workerOn(table, backend).work();
    expect(other.view.resendAvailableAt - backend.clock.now()).toBe(60_000);
    const { challengeId } = mine.view;
    const { resendAvailableAt } = other.view;
    const limited = { kind: 'rate-limited', retryAt: resendAvailableAt };
    expect(await resendCode({ challengeId, client }, backend)).toEqual(limited);
    expect(await readChallenge(challengeId, client, backend)).toMatchObject({ resendAvailableAt });
    expect((await started('mine')).view).toMatchObject({ challengeId, resendAvailableAt });
    backend.advance(60);
    const again = await resendCode({ challengeId, client }, backend);
    expect(again).toMatchObject({ view: { resendAvailableAt: backend.clock.now() + 120_000 } });
  });

  test('a verified challenge of any session ends it', async () => {
    await started('mine');
    backend.advance(30);
    const other = await started('other');
    await verify(other.view.challengeId, await backend.codeOf(userId, client, 'other'));
    const third = await started('third');
    expect(third.view.resendAvailableAt - backend.clock.now()).toBe(30_000);
  });

  test('twenty sessions that start at once send one message and count one', async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, each) => start(`tab-${each}`)));
    expect(outcomes.filter(({ kind }) => kind === 'challenge')).toHaveLength(1);
    expect((await backend.person(userId)).record?.sent).toHaveLength(1);
    for (let session = 2; session <= 5; session += 1) {
      backend.advance(120);
      expect((await start(`later-${session}`)).kind).toBe('challenge'); // of five in ten minutes
    }
    expect((await start('sixth', { client: 'another' })).kind).toBe('rate-limited');
  });
});

describe('a record of many sessions', () => {
  test('record filled with sessions: those that are over go first, then the oldest', async () => {
    const ids: string[] = [];
    for (let session = 1; session <= 6; session += 1) {
      const method = session % 2 === 0 ? 'SMS' : 'Email';
      ids.push((await started(`tab-${session}`, { method })).view.challengeId);
      // The second to the fifth are verified, which ends the cooldown.
      if (session === 1) backend.advance(30);
      else await verify(ids.at(-1) as string, await backend.codeOf(userId, client, `tab-${session}`));
    }
    const left = (await kept()).map(({ id }) => id);
    expect(left.toSorted()).toEqual([ids[0], ids[3], ids[4], ids[5]].toSorted());
    const code = await backend.codeOf(userId, client, 'tab-1');
    expect((await verify(ids[0] as string, code)).kind).toBe('verified');
  });

  test('leaves challenges of other clients where they are', async () => {
    const mine = await started('mine', { client: 'another' });
    for (let recovery = 1; recovery <= 6; recovery += 1) await inRecovery(`recovery-${recovery}`);
    const all = await kept();
    expect(all.filter(({ purpose }) => purpose === 'recovery')).toHaveLength(4);
    expect(all.map(({ id }) => id)).toContain(mine.view.challengeId);
  });

  test('repeats the verdict on an attempt whose challenge gave way', async () => {
    const first = await inRecovery('recovery-1');
    const { challengeId } = first.view;
    const [challenge] = await kept();
    if (challenge === undefined) throw new Error('nothing is open');
    const right = { challengeId, client, code: rightCode(challenge, backend.keyring), request: 'right' };
    expect((await verifyCode(right, backend)).kind).toBe('verified');
    for (let recovery = 2; recovery <= 5; recovery += 1) await inRecovery(`recovery-${recovery}`);
    expect((await kept()).map(({ id }) => id)).not.toContain(challengeId);
    expect((await verifyCode(right, backend)).kind).toBe('verified');
    expect((await verifyCode({ ...right, request: 'other' }, backend)).kind).toBe('challenge-closed');
  });
});

describe('a recovery beside another', () => {
  test('has a challenge of its own at once, whose code a resend sends after the cooldown', async () => {
    const first = await inRecovery('first');
    const second = await inRecovery('second');
    expect(second.view).toMatchObject({
      isUnsent: true,
      resendAvailableAt: first.view.resendAvailableAt,
    });
    expect(second.superseded).toBeUndefined();
    const [one, two] = await Promise.all(['first', 'second'].map(codeIn));
    const rejected = await verify(second.view.challengeId, one as string);
    expect(rejected.kind).toBe('code-rejected');
    backend.advance(30);
    const { challengeId } = second.view;
    const resent = await resendCode({ challengeId, client }, backend);
    expect(resent).toMatchObject({ kind: 'challenge' });
    expect(resent).not.toMatchObject({ view: { isUnsent: true } });
    expect((await codeIn('second')) === two).toBe(false);
    expect((await verify(challengeId, await codeIn('second'))).kind).toBe('verified');
    expect((await verify(first.view.challengeId, one as string)).kind).toBe('verified');
  });

  test('gives way to the fourth after it, which names the recovery that cannot be answered any more', async () => {
    const superseded: unknown[] = [];
    for (let recovery = 1; recovery <= 5; recovery += 1) {
      superseded.push((await inRecovery(`recovery-${recovery}`)).superseded);
    }
    expect(superseded.slice(0, 4)).toEqual([undefined, undefined, undefined, undefined]);
    expect(superseded[4]).toMatchObject({ recovery: 'recovery-1' });
  });

  async function codeIn(recovery: string): Promise<string> {
    const record = (await backend.person(userId)).record;
    const slot = slotOf({ recovery });
    const challenge = record?.challenges[challengeKeyOf(client, { purpose: 'recovery', slot })];
    if (challenge === undefined) throw new Error('nothing is open');
    return rightCode(challenge, backend.keyring);
  }
});

test('questions closed by somebody who asks for others: not those of another session', async () => {
  const ask = async (session: string) =>
    askQuestions({ person: await backend.person(userId), client, purpose: 'sign-in', session }, backend);
  const ids: string[] = [];
  for (const session of ['mine', 'second', 'third', 'fourth']) {
    const asked = await ask(session);
    if (asked.kind !== 'questions') throw new Error(asked.kind);
    ids.push(asked.view.challengeId);
  }
  const answers = [{ questionId: 'first-car', answer: 'wrong' }];
  const check = (challengeId: string | undefined) => {
    requests += 1;
    const request = `request-${requests}`;
    return checkAnswers({ challengeId: challengeId ?? '', client, answers, request }, backend);
  };
  expect(await check(ids[0])).toMatchObject({ kind: 'rejected', attemptsRemaining: 2 });
  await ask('fifth'); // four are the most: the oldest goes
  expect((await check(ids[0])).kind).toBe('challenge-closed');
  expect((await check(ids[1])).kind).toBe('rejected');
});

const redirect = { kind: 'redirect', redirectUri: '', codeChallenge: '' } as const;

test('a token whose client has the name of a door is refused', () => {
  const event = {
    headers: {},
    requestContext: {
      http: { method: 'GET' },
      authorizer: { jwt: { claims: { client_id: 'windows:corp', scope: 'mfa/signin' } } },
    },
  } as unknown as Parameters<typeof readRequest>[0];
  const read = () => readRequest(event, {}, { clientIdClaim: 'client_id' } as never, null);
  expect(read).toThrow('answered');
});

test('client of another kind with the same name is another client', () => {
  const names = [
    'corp',
    ...(['page', 'entra', 'windows'] as const).map((kind) => clientOfDoor(kind, 'corp')),
  ];
  expect(new Set(names).size).toBe(4);
  expect(names.map(doorKindOf)).toEqual([undefined, 'page', 'entra', 'windows']);
  expect(clientOf({ ...redirect, clientId: 'corp' })).toBe(clientOfDoor('page', 'corp'));
});
