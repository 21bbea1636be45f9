/** Pumping: what leaves when somebody asks for messages to many numbers, and what the deployment pays at most. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { readChallenge } from '../../shared/domain/challenge/read-challenge.ts';
import { enrolUser } from '../../shared/domain/enrolment/enrol-user.ts';
import { type OutcomeCounted, type Outcomes, stageFor } from '../../shared/domain/limits/circuit-breaker.ts';
import type { StartOutcome } from '../../shared/domain/otp/issue.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import { verifyCode } from '../../shared/domain/otp/verify-code.ts';
import { defaultPolicy, type Policy } from '../../shared/domain/policy/policy.ts';
import { quotaStore, sharesOf } from '../../shared/store/quotas.ts';
import { type Backend, backendOn } from '../support/person.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { type Worker, workerOn } from '../support/worker.ts';

let table: TestTable;
let backend: Backend;
let worker: Worker;

/** Every test has a table of its own, since these counts are the deployment's, and begins with this. */
async function deploy(sends: Partial<Policy['sends']> = {}, breaker: Partial<Policy['breaker']> = {}) {
  await table?.close();
  table = await startTable();
  const policy: Policy = {
    ...defaultPolicy,
    sends: { ...defaultPolicy.sends, ...sends },
    breaker: { ...defaultPolicy.breaker, ...breaker },
  };
  backend = backendOn(table, policy);
  worker = workerOn(table, backend);
}
afterAll(() => table.close());

const client = 'web-login';

/** People with numbers of one block each, all in one country unless said otherwise. */
async function enrolMany(
  count: number,
  { email = false, country = 'US', name = 'pumped', block = (place: number) => place } = {},
): Promise<string[]> {
  const people = Array.from({ length: count }, (_, place) => {
    const digits = String(block(place)).padStart(4, '0') + String(place).padStart(3, '0');
    const number = country === 'GB' ? `+447${digits}00` : `+1202${digits}`;
    const userId = `${name}-${country}-${place}`;
    return { userId, phone: { number, country }, ...(email ? { email: `${userId}@example.com` } : {}) };
  });
  await Promise.all(people.map((person) => enrolUser(person, true, backend)));
  backend.told.length = 0;
  return people.map(({ userId }) => userId);
}

/** All at the same time, then delivered all at the same time. */
async function ask(users: readonly string[], method: 'SMS' | 'Email' | 'Call' = 'SMS', by = client) {
  const started = await Promise.all(
    users.map(async (userId) =>
      startChallenge(
        { person: await backend.person(userId), client: by, purpose: 'sign-in', method },
        backend,
      ),
    ),
  );
  const results = await worker.work();
  return { started, results };
}

const reasonsOf = (results: Awaited<ReturnType<typeof ask>>['results']) =>
  results.flatMap((delivered) => ('reason' in delivered ? [delivered.reason] : []));

function challengeOf(outcome: StartOutcome | undefined) {
  if (outcome?.kind !== 'challenge') throw new Error(outcome?.kind);
  return outcome.view;
}

describe('a block of numbers', () => {
  test('gets its share an hour, by SMS and by call together, however many numbers of it ask at once', async () => {
    await deploy({ perPrefixPerHour: 5 });
    const users = await enrolMany(8, { block: () => 555 });
    const { started, results } = await ask(users.slice(0, 4));
    expect(started.every(({ kind }) => kind === 'challenge')).toBe(true);
    const calls = await ask(users.slice(4), 'Call');
    expect(worker.left).toHaveLength(5);
    expect(new Set(reasonsOf([...results, ...calls.results]))).toEqual(new Set(['prefix-limit']));
    backend.advance(3_600);
    await ask(users.slice(0, 4));
    expect(worker.left).toHaveLength(9);
  });

  test('that is refused takes nothing from its country', async () => {
    await deploy({ perPrefixPerHour: 2, perCountryPerDay: 5 });
    await ask(await enrolMany(6, { block: () => 555 }));
    const others = await enrolMany(3, { block: (place) => 600 + place });
    await ask(others.map((userId) => userId));
    expect(worker.left).toHaveLength(2 + 3);
  });
});

describe('a country', () => {
  test('gets its share a day, and the next day’s again; other countries keep theirs', async () => {
    await deploy({ perCountryPerDay: 4 });
    const users = await enrolMany(6);
    expect(reasonsOf((await ask(users)).results)).toEqual(['country-limit', 'country-limit']);
    await ask(await enrolMany(2, { country: 'GB' }));
    expect(worker.left).toHaveLength(4 + 2);
    backend.advance(86_400);
    await ask(users);
    expect(worker.left).toHaveLength(4 + 2 + 4);
  });
});

describe('a client', () => {
  test('gets its share an hour over all methods, and another client its own', async () => {
    await deploy({ perClientPerHour: 5 });
    const users = await enrolMany(8, { email: true });
    const { results } = await ask(users.slice(0, 4));
    const emails = await ask(users.slice(4), 'Email');
    expect(worker.left).toHaveLength(5);
    expect(new Set(reasonsOf([...results, ...emails.results]))).toEqual(new Set(['client-limit']));
    await ask(users.slice(4, 6), 'SMS', 'credential-provider');
    expect(worker.left).toHaveLength(7);
  });
});

describe('a channel', () => {
  test('stops at its daily ceiling, and people get their codes by another', async () => {
    await deploy({ dailyCeilingPerChannel: 3 });
    const users = await enrolMany(5, { email: true });
    await ask(users);
    expect(worker.left.map(({ method }) => method).sort()).toEqual(['Email', 'Email', 'SMS', 'SMS', 'SMS']);
  });

  test('costs no more than its budget at the highest price of a message', async () => {
    await deploy({ dailyBudgetUsdPerChannel: 1 });
    const users = await enrolMany(7);
    expect(reasonsOf((await ask(users)).results)).toEqual(Array(2).fill('daily-ceiling'));
    expect(worker.left.filter(({ method }) => method === 'SMS')).toHaveLength(5); // at 0.20 USD
  });
});

describe('a logon screen of Windows, where nobody showed a password', () => {
  const pc = 'windows:office';
  // A channel that is full is left for the next one.
  const sms = () => worker.left.filter(({ method }) => method === 'SMS');
  const others = (from: number, count: number) =>
    enrolMany(from + count, { block: (place) => 700 + place }).then((users) => users.slice(from));

  test.each<[string, Partial<Policy['sends']>, number, string]>([
    ['a block', { perPrefixPerHour: 4 }, 2, 'prefix-limit'],
    ['a country', { perCountryPerDay: 5 }, 2, 'country-limit'],
    ['a channel', { dailyCeilingPerChannel: 4 }, 2, 'daily-ceiling'],
    ['a budget', { dailyBudgetUsdPerChannel: 1 }, 2, 'daily-ceiling'],
  ])(
    'gets half of the messages of %s, and leaves the rest to every other door',
    async (_, sends, half, reason) => {
      await deploy(sends);
      const [, ceiling = 0] = Object.entries(sends)[0] ?? [];
      const all = 'dailyBudgetUsdPerChannel' in sends ? 5 : Number(ceiling);
      const users = await enrolMany(all + 1, { block: () => 555 });
      expect(reasonsOf((await ask(users.slice(0, half + 1), 'SMS', pc)).results)).toEqual([reason]);
      expect(sms()).toHaveLength(half);
      await ask(users.slice(half), 'SMS');
      expect(sms()).toHaveLength(all);
    },
  );

  test('finds what other doors used up used up as well', async () => {
    await deploy({ perCountryPerDay: 4 });
    await ask(await others(0, 3), 'SMS');
    expect(reasonsOf((await ask(await others(3, 2), 'SMS', pc)).results)).toEqual(['country-limit']);
  });

  test('meets the same where nobody is reached: names of nobody use up nothing', async () => {
    await deploy({ perCountryPerDay: 4 });
    expect(reasonsOf((await ask(await others(0, 2), 'SMS', pc)).results)).toEqual([]);
    const { started, results } = await ask(['nobody-at-a-pc', 'nobody-at-all'], 'SMS', pc);
    expect(reasonsOf(results)).toEqual(['country-limit', 'country-limit']);
    expect(started.every(({ kind }) => kind === 'challenge')).toBe(true);
    expect((await ask(await others(2, 2), 'SMS')).results.map(({ kind }) => kind)).toEqual(['sent', 'sent']);
  });
});

describe('a user', () => {
  test('gets thirty codes a day over all methods and clients, and is told when the next may leave', async () => {
    await deploy({ perUserPerDay: 3 });
    const [userId = ''] = await enrolMany(1, { email: true });
    for (const [method, by] of [
      ['SMS', 'one'],
      ['Email', 'two'],
      ['Call', 'three'],
    ] as const) {
      expect((await ask([userId], method, by)).started[0]?.kind).toBe('challenge');
      backend.advance(60);
    }
    const [refused] = (await ask([userId], 'Email', 'four')).started;
    expect(refused).toEqual({ kind: 'rate-limited', retryAt: backend.clock.now() + 86_400_000 - 180_000 });
    const unknown = await Promise.all(
      ['one', 'two', 'three', 'four'].map(async (by) =>
        startChallenge({ person: await backend.person('nobody'), client: by, purpose: 'sign-in' }, backend),
      ),
    );
    expect(unknown.map(({ kind }) => kind).sort()).toEqual([
      'challenge',
      'challenge',
      'challenge',
      'rate-limited',
    ]);
    backend.advance(86_400 - 180);
    expect((await ask([userId], 'Email', 'four')).started[0]?.kind).toBe('challenge');
  });
});

describe('SMS pumping over many numbers: the breaker', () => {
  /** Concludes from fewer numbers than a stage may say. */
  const early = { minimumOutcomes: 8 };
  const [few, many] = [3, 12];
  beforeEach(() => deploy({}, early));

  async function leaveUnused(users: readonly string[]) {
    await ask(users);
    backend.advance(120);
    return worker.count();
  }

  test('judges a sample that is large enough by the share that was used', () => {
    const rules = defaultPolicy.breaker;
    const stages = (known: number, ...verified: number[]) =>
      verified.map((used) => stageFor({ known, verified: used } satisfies Outcomes, rules));
    expect(stages(29, 0, 29)).toEqual(['free', 'free']);
    expect(stages(30, 0, 2, 3, 8, 9)).toEqual(['stopped', 'stopped', 'email', 'email', 'free']);
    expect(
      stageFor({ known: 30, verified: 0 }, { ...rules, emailBelowPercent: 0, stopBelowPercent: 0 }),
    ).toBe('free');
  });

  test('moves people to email, when codes for their country’s numbers are not typed in', async () => {
    await deploy({}, { ...early, stopBelowPercent: 0 });
    const pumped = await enrolMany(many);
    const tripped = (await leaveUnused(pumped)).filter((outcome) => outcome.tripped);
    expect(tripped).toMatchObject([
      { country: 'US', tripped: 'email', known: early.minimumOutcomes, verified: 0 },
    ]);
    worker.left.length = 0;
    const reachable = await enrolMany(few, { email: true, name: 'reachable' });
    const { started, results } = await ask(reachable);
    expect(new Set(worker.left.map(({ method }) => method))).toEqual(new Set(['Email']));
    expect(new Set(reasonsOf(results))).toEqual(new Set(['country-slowed']));
    const { challengeId } = challengeOf(started[0]);
    expect(await readChallenge(challengeId, client, backend)).toMatchObject({ method: 'Email' });
    // Who has no email address is not shut out yet, and other countries are as they were.
    backend.advance(600);
    worker.left.length = 0;
    await ask(pumped.slice(few, few + 3));
    await ask(await enrolMany(3, { country: 'GB', email: true }));
    expect(worker.left.map(({ method }) => method)).toEqual(Array(6).fill('SMS'));
  });

  test('stops a country whose codes nobody uses, and goes back after its time', async () => {
    const pumped = await enrolMany(many);
    const tripped = (await leaveUnused(pumped)).filter((outcome) => outcome.tripped);
    expect(tripped.map((outcome) => outcome.tripped)).toEqual(['stopped']);
    backend.advance(480);
    worker.left.length = 0;
    expect(new Set(reasonsOf((await ask(pumped.slice(0, few))).results))).toEqual(
      new Set(['country-stopped']),
    );
    expect(worker.left).toEqual([]);
    backend.advance(3_600);
    expect((await ask(pumped.slice(0, few))).results.map(({ kind }) => kind)).toEqual(
      Array(few).fill('sent'),
    );
  });

  test('of logon screens is their own: it stops no web login, and theirs stops no screen', async () => {
    const pumped = await enrolMany(many + 2 * few);
    const pc = 'windows:office';
    await ask(pumped.slice(0, many), 'SMS', pc);
    backend.advance(120);
    const tripped = (await worker.count()).filter((outcome) => outcome.tripped);
    expect(tripped).toMatchObject([{ country: 'US', breaker: 'US.anonymous', tripped: 'stopped' }]);
    const [first, second] = [pumped.slice(many, many + few), pumped.slice(many + few)];
    expect(reasonsOf((await ask(first, 'SMS', pc)).results)).toEqual(Array(few).fill('country-stopped'));
    expect((await ask(second)).results.map(({ kind }) => kind)).toEqual(Array(few).fill('sent'));
    const nobodys = await ask(['nobody-1', 'nobody-2'], 'SMS', pc);
    expect(reasonsOf(nobodys.results)).toEqual(['country-stopped', 'country-stopped']);
  });

  test('lets honest traffic alone: half of the codes resent, all of the people signed in', async () => {
    const users = await enrolMany(many);
    const { started } = await ask(users);
    for (const [place, outcome] of started.entries()) {
      const { challengeId } = challengeOf(outcome);
      const code = await backend.codeOf(users[place] as string, client);
      if (place % 2 === 0) continue;
      const verified = await verifyCode({ challengeId, client, code, request: `request-${place}` }, backend);
      expect(verified.kind).toBe('verified');
    }
    backend.advance(120);
    const counted = await worker.count();
    expect(counted).toHaveLength(many);
    expect(counted.filter(({ tripped }) => tripped)).toEqual([]);
    expect(counted.at(-1)).toMatchObject({ known: many, verified: many / 2 });
  });

  /** Everybody asks once every quarter of an hour, six times, and never types a code in. */
  async function insist(users: readonly string[]) {
    const outcomes: OutcomeCounted[] = [];
    for (let round = 0; round < 6; round += 1) {
      await ask(users);
      backend.advance(120);
      outcomes.push(...(await worker.count()));
      backend.advance(780);
    }
    return outcomes;
  }

  test('the breaker as a weapon: three people who ask and never answer count once an hour, and trip nothing', async () => {
    const counted = await insist(await enrolMany(3));
    expect(worker.left).toHaveLength(6 * 3); // twelve of them in one hour
    expect(counted.map(({ known }) => known)).toEqual([1, 2, 3, 1, 2, 3]);
    expect(counted.filter(({ tripped }) => tripped)).toEqual([]);
  });

  test('a number that used a later code of the hour is good, and counts no second time', async () => {
    const [userId = ''] = await enrolMany(1);
    const again = async (types: boolean) => {
      const [outcome] = (await ask([userId])).started;
      const { challengeId } = challengeOf(outcome);
      const code = await backend.codeOf(userId, client);
      if (types) await verifyCode({ challengeId, client, code, request: challengeId }, backend);
      backend.advance(120);
      return (await worker.count()).map(({ known, verified }) => [known, verified]);
    };
    expect(await again(false)).toEqual([[1, 0]]);
    expect(await again(true)).toEqual([[1, 1]]);
    expect(await again(true)).toEqual([]);
    expect(await again(false)).toEqual([]);
    backend.advance(3_600);
    expect(await again(false)).toEqual([[1, 0]]);
  });

  test('numbers that verified within thirty days go on while it holds', async () => {
    const [userId = ''] = await enrolMany(1, { block: () => 999, name: 'regular' });
    const { started } = await ask([userId]);
    const { challengeId } = challengeOf(started[0]);
    const code = await backend.codeOf(userId, client);
    await verifyCode({ challengeId, client, code, request: 'used' }, backend);
    backend.advance(120);
    await worker.count();
    const pumped = await enrolMany(many + 1);
    const day = 86_400;
    backend.advance(29 * day);
    for (const kind of ['sent', 'failed']) {
      await leaveUnused(pumped.slice(0, many));
      expect((await ask([pumped.at(-1) as string])).results.map(({ kind }) => kind)).toEqual(['failed']);
      expect((await ask([userId])).results.map(({ kind }) => kind)).toEqual([kind]);
      backend.advance(2 * day);
    }
  });
});

describe('a quota’s counters', () => {
  test('have shares that add up to the ceiling, and one share where there is little', () => {
    for (const ceiling of [1, 2, 249, 250, 499, 500, 501, 999, 1_999, 2_000, 2_001, 10_007]) {
      const shares = sharesOf(ceiling);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(ceiling);
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
    }
    expect([499, 500, 10_000].map((ceiling) => sharesOf(ceiling).length)).toEqual([1, 2, 8]);
  });

  test('let through exactly the ceiling but for what is kept, whichever shares are asked first and however many ask at once', async () => {
    await deploy();
    const quotas = quotaStore(table);
    const endsAt = backend.clock.now() + 3_600_000;
    const quota = {
      name: 'client',
      of: 'a-client',
      span: '2026-03-02T09',
      endsAt,
      ceiling: 501, // the least odd one of two counters
      kept: 480,
    } as const;
    const taken = await Promise.all(Array.from({ length: 32 }, () => quotas.take(quota)));
    expect(taken.filter(Boolean)).toHaveLength(21);
    expect(await quotas.take({ ...quota, span: '2026-03-02T10' })).toBe(true);
    expect(await quotas.take({ ...quota, ceiling: 0 })).toBe(false);
  });
});
