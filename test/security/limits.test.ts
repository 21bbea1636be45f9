/** Limits that are borne by who causes them: what a thief with the password spends, and what is left to everybody else. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { pollUntil } from '../../shared/composition/poll-until.ts';
import { readChallenge } from '../../shared/domain/challenge/read-challenge.ts';
import { enrolUser } from '../../shared/domain/enrolment/enrol-user.ts';
import { unlockUser } from '../../shared/domain/enrolment/unlock-user.ts';
import type { AssertedPurpose } from '../../shared/domain/identifiers/challenge-id.ts';
import { clientOfDoor, doorOf } from '../../shared/domain/identifiers/client.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import { verifyCode } from '../../shared/domain/otp/verify-code.ts';
import { defaultPolicy } from '../../shared/domain/policy/policy.ts';
import { startRecovery } from '../../shared/domain/recovery/start-recovery.ts';
import { recoveryStore } from '../../shared/store/recoveries.ts';
import { type Backend, backendOn, enrolSomebody, trusting, unlocking } from '../support/person.ts';
import { startTable } from '../support/table.ts';
import { type Worker, workerOn } from '../support/worker.ts';

const table = await startTable();
afterAll(() => table.close());

/** A day's messages that a test can send: six, and so four of one door. */
const sends = { ...defaultPolicy.sends, perUserPerDay: 6 };
const day = 86_400_000;

let backend: Backend;
let worker: Worker;
let requests = 0;
beforeEach(() => {
  backend = backendOn(table, { ...defaultPolicy, ...trusting, sends });
  worker = workerOn(table, backend);
});

const start = async (
  userId: string,
  client: string,
  more: Partial<Parameters<typeof startChallenge>[0]> = {},
) => startChallenge({ person: await backend.person(userId), client, purpose: 'sign-in', ...more }, backend);

/** Asks again whenever it may, by SMS and email in turn, until it is told to wait for longer than an hour. */
async function flood(userId: string, client: string, purpose: AssertedPurpose = 'sign-in') {
  for (let sent = 0; ; ) {
    const method = sent % 2 === 0 && purpose === 'sign-in' ? 'SMS' : 'Email';
    const recovery = purpose === 'recovery' ? `recovery-${sent}` : undefined;
    const outcome = await start(userId, client, { method, purpose, recovery });
    if (outcome.kind === 'challenge') {
      sent += 1;
      backend.advance(121);
    } else if (outcome.kind !== 'rate-limited') throw new Error(outcome.kind);
    else if (outcome.retryAt > backend.clock.now() + 3_600_000) return { sent, retryAt: outcome.retryAt };
    else backend.advance((outcome.retryAt - backend.clock.now()) / 1000);
  }
}

async function signIn(userId: string, client: string) {
  const outcome = await start(userId, client);
  if (outcome.kind !== 'challenge') return outcome.kind;
  const { challengeId } = outcome.view;
  requests += 1;
  const code = await backend.codeOf(userId, client);
  return (await verifyCode({ challengeId, client, code, request: `request-${requests}` }, backend)).kind;
}

describe('a day’s messages as a lock', () => {
  test('day’s messages as a lock: of a person’s messages one door can use two thirds, and the rest is other doors’', async () => {
    const userId = await enrolSomebody(backend);
    const begin = backend.clock.now();
    const { sent, retryAt } = await flood(userId, 'web-login');
    expect(sent).toBe(4);
    expect(retryAt).toBe(begin + day);
    expect(await signIn(userId, 'credential-provider')).toBe('verified');
    expect(await signIn(userId, 'web-login')).toBe('rate-limited');
  });

  test('a message whose code was used leaves its door’s share, and no total', async () => {
    const userId = await enrolSomebody(backend);
    for (let time = 1; time <= 5; time += 1) {
      expect(await signIn(userId, 'web-login')).toBe('verified');
      backend.advance(121);
    }
    expect(await signIn(userId, 'web-login')).toBe('verified');
    backend.advance(121);
    expect(await signIn(userId, 'web-login')).toBe('rate-limited');
    expect(await signIn(userId, 'credential-provider')).toBe('rate-limited');
  });

  test('clients of tokens are doors each; logon screens are one together, and recoveries one', () => {
    const [north, south] = [clientOfDoor('windows', 'north'), clientOfDoor('windows', 'south')];
    const doors = [
      doorOf('web-login', 'sign-in'),
      doorOf('another', 'sign-in'),
      doorOf('web-login', 'recovery'),
      doorOf(north, 'sign-in'),
      doorOf('windows', 'sign-in'),
      doorOf('recovery', 'sign-in'),
    ];
    expect(new Set(doors).size).toBe(doors.length);
    expect(doorOf('another', 'recovery')).toBe(doorOf('web-login', 'recovery'));
    // Nobody showed a password there: what is used up by a recovery there is used up there.
    expect(new Set([doorOf(south, 'sign-in'), doorOf(south, 'recovery')])).toEqual(new Set([doors[3]]));
  });

  test('is the same for a name of nobody', async () => {
    expect((await flood('nobody-of-limits', 'web-login')).sent).toBe(4);
    expect((await start('nobody-of-limits', 'credential-provider')).kind).toBe('challenge');
  });
});

describe('messages given back', () => {
  test('unlocking gives a day’s messages again, once a day', async () => {
    const userId = await enrolSomebody(backend);
    const unlock = async () => unlockUser({ ...unlocking, person: await backend.person(userId) }, backend);
    await flood(userId, 'web-login');
    expect(await unlock()).toEqual({ kind: 'unlocked', messages: true });
    expect((await flood(userId, 'web-login')).sent).toBe(4);
    expect(await unlock()).toEqual({ kind: 'unlocked' });
    expect((await start(userId, 'web-login')).kind).toBe('rate-limited');
    backend.advance(day / 1000 - 600);
    await flood(userId, 'web-login');
    backend.advance(600);
    expect(await unlock()).toEqual({ kind: 'unlocked', messages: true });
  });

  test('unlocking empties the counters of the person’s addresses', async () => {
    backend = backendOn(table, { ...defaultPolicy, ...trusting, sends: { ...sends, perUserPerDay: 30 } });
    worker = workerOn(table, backend);
    const userId = await enrolSomebody(backend);
    for (let sent = 0; sent < 5; sent += 1) await start(userId, `client-${sent}`, { method: 'SMS' });
    expect((await start(userId, 'client-5', { method: 'SMS' })).kind).toBe('rate-limited');
    await unlockUser({ ...unlocking, person: await backend.person(userId) }, backend);
    await worker.work();
    worker.left.length = 0;
    expect((await start(userId, 'client-5', { method: 'SMS' })).kind).toBe('challenge');
    await worker.work();
    expect(worker.left.map(({ method }) => method)).toEqual(['SMS']);
  });
});

describe('messages used up in vain', () => {
  const told = () =>
    backend.told
      .splice(0)
      .map(({ address }) => address)
      .toSorted();
  const exhaust = async (userId: string, client: string) => {
    await flood(userId, client);
    await worker.work();
    backend.told.push(...worker.waiting.splice(0).map(({ message }) => message));
    return told();
  };

  test('messages used up in vain: the person is told once a day, at every address', async () => {
    const userId = await enrolSomebody(backend);
    expect(await exhaust(userId, 'web-login')).toEqual(['email', 'phone']);
    const { record } = await backend.person(userId);
    expect(Object.values(record.notices).map(({ kind }) => kind)).toEqual(['messages-used-up']);
    expect(await exhaust(userId, 'credential-provider')).toEqual([]);
    backend.advance(day / 1000);
    expect(await exhaust(userId, 'web-login')).not.toEqual([]);
  });

  test('not where a code of the day was used, at a logon screen, or for a name of nobody', async () => {
    const [userId, other] = [await enrolSomebody(backend), await enrolSomebody(backend)];
    expect(await signIn(userId, 'web-login')).toBe('verified');
    backend.advance(121);
    expect(await exhaust(userId, 'web-login')).toEqual([]);
    expect(await exhaust(other, clientOfDoor('windows', 'north'))).toEqual([]);
    expect(await exhaust('nobody-in-vain', 'web-login')).toEqual([]);
  });
});

describe('a flood of recoveries', () => {
  const executions: string[] = [];
  const begin = async (userId: string, client: string) => {
    const outcome = await startRecovery(
      { person: await backend.person(userId), client },
      {
        ...backend,
        policy: { ...defaultPolicy, forgotPhone: { enabled: true, method: 'kba', usersSelect: false } },
        recoveries: recoveryStore(table, backend.keyring),
        workflow: {
          start: async (id) => void executions.push(id),
          succeed: async () => 'resumed',
          fail: async () => 'resumed',
        },
        pollUntil,
      },
    );
    return outcome.kind;
  };

  test('executions for names of nobody: 300 an hour for a client, which alone is refused, whoever the name is', async () => {
    const userId = await enrolSomebody(backend);
    for (let time = 0; time < 3; time += 1) expect(await begin(userId, 'web-login')).toBe('recovery');
    const names = Array.from({ length: 300 }, (_, place) => `nobody-recovering-${place}`);
    const begun = await Promise.all(names.map((name) => begin(name, 'web-login')));
    expect(new Set(begun)).toEqual(new Set(['recovery']));
    expect(executions).toHaveLength(303);
    expect(await begin('nobody-more', 'web-login')).toBe('rate-limited');
    expect(await begin(userId, 'web-login')).toBe('rate-limited');
    expect(await begin(userId, 'credential-provider')).toBe('recovery');
    backend.advance(3_600);
    // What was refused is not among the ten that a person has in an hour.
    for (let time = 0; time < 10; time += 1) expect(await begin(userId, 'web-login')).toBe('recovery');
    expect(await begin(userId, 'web-login')).toBe('rate-limited');
  });
});

describe('a number that others filled', () => {
  const number = '+12025557788';
  const phone = { number, country: 'US' };
  let pairs = 0;

  /** Two people who share a number; the first one's messages fill it. */
  async function shared(email: boolean) {
    backend = backendOn(table);
    worker = workerOn(table, backend);
    const [filling, other] = [`filling-${pairs}`, `other-${pairs}`];
    pairs += 1;
    await enrolUser({ userId: filling, phone }, true, backend);
    await enrolUser(
      { userId: other, phone, ...(email ? { email: `${other}@example.com` } : {}) },
      true,
      backend,
    );
    for (let sent = 0; sent < 5; sent += 1)
      expect((await start(filling, `client-${sent}`, { method: 'SMS' })).kind).toBe('challenge');
    await worker.work();
    expect(worker.left).toHaveLength(5);
    worker.left.length = 0;
    return other;
  }

  async function fate(userId: string) {
    const outcome = await start(userId, 'web-login', { method: 'SMS' });
    if (outcome.kind !== 'challenge') return outcome.kind;
    const seen = [`${outcome.view.method} at the start`];
    await worker.work();
    backend.advance(3);
    const found = await readChallenge(outcome.view.challengeId, 'web-login', backend);
    return [...seen, `${found?.method} ${found?.delivery}`];
  }

  test('number that others filled: told to nobody at a start, the code leaves by the next method', async () => {
    const other = await shared(true);
    expect(await fate(other)).toEqual(['SMS at the start', 'Email sent']);
    expect(worker.left.map(({ method }) => method)).toEqual(['Email']);
  });

  test('of somebody without another method ends as failed, for the challenge’s owner alone', async () => {
    const other = await shared(false);
    expect(await fate(other)).toEqual(['SMS at the start', 'SMS failed']);
    expect(worker.left).toEqual([]);
  });

  test('has room again for who starts when a window has passed', async () => {
    const other = await shared(false);
    backend.advance(600);
    expect(await fate(other)).toEqual(['SMS at the start', 'SMS sent']);
    backend.advance(600);
  });
});
