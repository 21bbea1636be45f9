/** How many messages can be made to leave, and where to, whatever a client does. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { readChallenge } from '../../shared/domain/challenge/read-challenge.ts';
import { enrolUser } from '../../shared/domain/enrolment/enrol-user.ts';
import type { StartOutcome } from '../../shared/domain/otp/issue.ts';
import { resendCode } from '../../shared/domain/otp/resend-code.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import { verifyCode } from '../../shared/domain/otp/verify-code.ts';
import { defaultPolicy } from '../../shared/domain/policy/policy.ts';
import { rememberReply } from '../../shared/domain/user-record/replays.ts';
import { blankRecord, type UserRecord } from '../../shared/domain/user-record/user-record.ts';
import { type Backend, backendOn, enrolSomebody } from '../support/person.ts';
import { startTable } from '../support/table.ts';
import { workerOn } from '../support/worker.ts';

const table = await startTable();
afterAll(() => table.close());

let backend: Backend;
let requests = 0;
beforeEach(() => {
  backend = backendOn(table);
});

const client = 'web-login';
const start = async (userId: string, more: Partial<Parameters<typeof startChallenge>[0]> = {}) =>
  startChallenge({ person: await backend.person(userId), client, purpose: 'sign-in', ...more }, backend);

function viewOf(outcome: StartOutcome) {
  if (outcome.kind !== 'challenge') throw new Error(outcome.kind);
  return outcome.view;
}

function verify(challengeId: string, code: string) {
  requests += 1;
  return verifyCode({ challengeId, client, code, request: `request-${requests}` }, backend);
}

describe('the resend cooldown', () => {
  test('answers a second start with the challenge that is open and sends nothing', async () => {
    const userId = await enrolSomebody(backend);
    const first = viewOf(await start(userId));
    backend.advance(29);
    expect(viewOf(await start(userId, { method: 'Email' }))).toEqual(first);
    expect(new Set(backend.queued.map(({ message }) => message.sequence))).toEqual(new Set([1]));
    backend.advance(1);
    expect(viewOf(await start(userId)).challengeId).not.toBe(first.challengeId);
  });

  test('grows from 30 to 60 to 120 seconds while nothing is verified, over resends and new starts alike', async () => {
    const userId = await enrolSomebody(backend);
    const gaps: number[] = [];
    let view = viewOf(await start(userId));
    for (const again of ['resend', 'start', 'start'] as const) {
      gaps.push((view.resendAvailableAt - backend.clock.now()) / 1000);
      backend.advance(gaps.at(-1) as number);
      const { challengeId } = view;
      view = viewOf(
        (await (again === 'resend'
          ? resendCode({ challengeId, client }, backend)
          : start(userId))) as StartOutcome,
      );
    }
    gaps.push((view.resendAvailableAt - backend.clock.now()) / 1000);
    expect(gaps).toEqual([30, 60, 120, 120]);
  });

  test('refuses a resend until it is over', async () => {
    const userId = await enrolSomebody(backend);
    const { challengeId, resendAvailableAt } = viewOf(await start(userId));
    expect(await resendCode({ challengeId, client }, backend)).toEqual({
      kind: 'rate-limited',
      retryAt: resendAvailableAt,
    });
  });

  test('ends with a verified challenge', async () => {
    const userId = await enrolSomebody(backend);
    const { challengeId } = viewOf(await start(userId));
    expect((await verify(challengeId, await backend.codeOf(userId, client))).kind).toBe('verified');
    const next = viewOf(await start(userId));
    expect(next.challengeId).not.toBe(challengeId);
    expect(next.resendAvailableAt - backend.clock.now()).toBe(30_000);
  });
});

describe('a resend', () => {
  test('old code after resend: it is dead; attempts and expiry stay, and the method may change', async () => {
    const userId = await enrolSomebody(backend);
    const first = viewOf(await start(userId, { method: 'SMS' }));
    const old = await backend.codeOf(userId, client);
    expect((await verify(first.challengeId, '000000')).kind).toBe('code-rejected');
    backend.advance(30);
    const view = viewOf(
      (await resendCode(
        { challengeId: first.challengeId, client, method: 'Email' },
        backend,
      )) as StartOutcome,
    );
    expect(view).toMatchObject({ method: 'Email', attemptsRemaining: 4, expiresAt: first.expiresAt });
    expect(await verify(first.challengeId, old)).toEqual({ kind: 'code-rejected', attemptsRemaining: 3 });
    expect((await verify(first.challengeId, await backend.codeOf(userId, client))).kind).toBe('verified');
  });
});

describe('SMS pumping of one number: a destination', () => {
  test('gets five messages in ten minutes, ten in an hour and twenty in a day, whoever the user is', async () => {
    const number = '+12025559999';
    const users = await Promise.all([1, 2, 3].map(() => enrolSomebody(backend)));
    for (const userId of users) await enrolUser({ userId, phone: { number, country: 'US' } }, true, backend);
    const begin = backend.clock.now();
    const worker = workerOn(table, backend);
    const sentAt: number[] = [];
    for (let turn = 0; backend.clock.now() < begin + 86_400_000; turn += 1) {
      const method = turn % 2 === 0 ? 'SMS' : 'Call';
      const outcome = await start(users[turn % 3] as string, { method, client: `client-${turn}` });
      await worker.work();
      sentAt.push(...worker.left.splice(0).map(() => backend.clock.now()));
      if (outcome.kind === 'rate-limited') backend.advance((outcome.retryAt - backend.clock.now()) / 1000);
    }
    for (const [most, seconds] of [
      [5, 600],
      [10, 3_600],
      [20, 86_400],
    ] as const) {
      const busiest = Math.max(
        ...sentAt.map((at) => sentAt.filter((other) => other <= at && other > at - seconds * 1000).length),
      );
      expect(busiest).toBe(most);
    }
  });

  test('is counted once for twenty starts that race', async () => {
    const userId = await enrolSomebody(backend);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => start(userId)));
    expect(new Set(outcomes.map((outcome) => viewOf(outcome).challengeId)).size).toBe(1);
    for (let sends = 2; sends <= 5; sends += 1) {
      backend.advance(120);
      expect((await start(userId)).kind).toBe('challenge');
    }
    backend.advance(119.999);
    expect((await start(userId, { client: 'another' })).kind).toBe('rate-limited');
    backend.advance(0.001);
    expect((await start(userId, { client: 'another' })).kind).toBe('challenge');
  });

  test('that is full leaves the open challenge as it was', async () => {
    const userId = await enrolSomebody(backend);
    for (let sends = 1; sends <= 4; sends += 1) {
      await start(userId, { client: `client-${sends}`, method: 'SMS' });
    }
    const { challengeId } = viewOf(await start(userId, { method: 'SMS' }));
    backend.advance(31);
    expect((await start(userId, { method: 'SMS' })).kind).toBe('rate-limited');
    expect((await verify(challengeId, await backend.codeOf(userId, client))).kind).toBe('verified');
  });
});

describe('an Idempotency-Key', () => {
  const idempotency = { key: 'key', body: 'body', owner: 'web-login' };

  test('duplicate start: twenty at once are one challenge, one message and twenty equal answers', async () => {
    const userId = await enrolSomebody(backend);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => start(userId, { idempotency })));
    // As values: DynamoDB gives the keys of a map back in an order of its own.
    for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
    expect(new Set(backend.queued.map(({ message }) => JSON.stringify(message))).size).toBe(1);
  });

  test('repeats its answer for ten minutes, even after other challenges were started', async () => {
    const userId = await enrolSomebody(backend);
    const first = await start(userId, { idempotency });
    backend.advance(120);
    await start(userId);
    backend.advance(479);
    expect(await start(userId, { idempotency })).toEqual(first);
    expect(await start(userId, { idempotency: { ...idempotency, body: 'another' } })).toEqual({
      kind: 'conflict',
    });
    backend.advance(1);
    expect(viewOf(await start(userId, { idempotency })).challengeId).not.toBe(viewOf(first).challengeId);
  });

  test('of a resend repeats its answer and sends nothing more', async () => {
    const userId = await enrolSomebody(backend);
    const { challengeId } = viewOf(await start(userId));
    backend.advance(30);
    const resend = () => resendCode({ challengeId, client, idempotency }, backend);
    const first = await resend();
    expect(first.kind).toBe('challenge');
    expect(await resend()).toEqual(first);
    expect(new Set(backend.queued.map(({ message }) => message.sequence))).toEqual(new Set([1, 2]));
  });
});

describe('policy', () => {
  test('method downgrade: with one method named, that alone is offered and sent by', async () => {
    backend = backendOn(table, { ...defaultPolicy, mfaMethod: 'Email' });
    const userId = await enrolSomebody(backend);
    expect(viewOf(await start(userId))).toMatchObject({ method: 'Email', methods: ['Email'] });
    expect(await start(userId, { method: 'SMS' })).toEqual({ kind: 'method-unavailable' });
  });

  test('DirectFidoAuth refuses everything', async () => {
    backend = backendOn(table, { ...defaultPolicy, mode: 'DirectFidoAuth' });
    expect(await start('anybody')).toEqual({ kind: 'fallback-disabled' });
    expect(backend.queued).toEqual([]);
  });
});

test('an address that changes closes the challenge that went to it, and every address is notified', async () => {
  const userId = await enrolSomebody(backend);
  const { challengeId } = viewOf(await start(userId, { method: 'SMS' }));
  const code = await backend.codeOf(userId, client);
  const phone = { number: '+12025558888', country: 'US' };
  await enrolUser({ userId, phone, email: `${userId}@example.com` }, true, backend);
  expect(await verify(challengeId, code)).toEqual({ kind: 'challenge-closed' });
  expect(await readChallenge(challengeId, client, backend)).toMatchObject({ status: 'closed' });
  expect(backend.told.map(({ address }) => address).toSorted()).toEqual(['email', 'phone', 'phone']);
});

test('the largest daily limit that policy allows is held', async () => {
  backend = backendOn(table, {
    ...defaultPolicy,
    sends: { ...defaultPolicy.sends, perTenMinutes: 20, perHour: 40, perDay: 50, perUserPerDay: 60 },
  });
  const userId = await enrolSomebody(backend);
  let sent = 0;
  for (let turn = 0; turn < 120; turn += 1) {
    if ((await start(userId, { method: 'SMS', client: `client-${turn}` })).kind === 'challenge') sent += 1;
    backend.advance(600);
  }
  expect(sent).toBe(50);
});

describe('remembered keys as a lock', () => {
  test('starts during the cooldown under a hundred keys keep nobody out, and take no memory', async () => {
    const userId = await enrolSomebody(backend);
    const keyed = (key: number) =>
      start(userId, { idempotency: { key: `key-${key}`, body: 'body', owner: client } });
    const first = viewOf(await keyed(0)).challengeId;
    for (let key = 1; key <= 100; key += 1) expect(viewOf(await keyed(key)).challengeId).toBe(first);
    const record = await backend.users.read(await backend.keyOf(userId));
    expect(Object.keys(record?.replies ?? {})).toEqual(['key-0']);
    expect(viewOf(await start(userId)).challengeId).toBe(first);
  });

  test('the newest 24 keys of a client are kept, and those of another client', () => {
    const view = { challengeId: 'some', asked: [], expiresAt: 0 };
    const keep = (record: UserRecord, owner: string, key: number) =>
      rememberReply(record, { key: `${owner}-${key}`, body: 'body', owner }, view, key);
    let record = keep(blankRecord('somebody'), 'other', 1);
    for (let key = 1; key <= 30; key += 1) record = keep(record, 'web', key);
    const own = Array.from({ length: 24 }, (_, place) => `web-${place + 7}`);
    expect(Object.keys(record.replies).toSorted()).toEqual(['other-1', ...own].toSorted());
  });
});
