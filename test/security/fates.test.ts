/** Enumeration by the fate of a message: what a person's meets, a decoy's meets too, whichever instance delivers it. */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { readChallenge } from '../../shared/domain/challenge/read-challenge.ts';
import type { DecoySet } from '../../shared/domain/contact/decoy.ts';
import type { CarrierResult } from '../../shared/domain/delivery/carriers.ts';
import { lasting, noteHealth, refusalTakes } from '../../shared/domain/delivery/channel-health.ts';
import { deliverCode } from '../../shared/domain/delivery/deliver-code.ts';
import { enrolUser } from '../../shared/domain/enrolment/enrol-user.ts';
import { type QuotaName, quotasOf } from '../../shared/domain/limits/quotas.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import { defaultPolicy, type Method, type Policy } from '../../shared/domain/policy/policy.ts';
import { toItem } from '../../shared/store/attributes.ts';
import { channelHealth } from '../../shared/store/channel-health.ts';
import { quotaKey } from '../../shared/store/table.ts';
import { type Backend, backendOn } from '../support/person.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { workerOn } from '../support/worker.ts';

const client = 'web-login';
const phone = { number: '+12025550147', country: 'US' };
const decoys: readonly DecoySet[] = [
  { methods: ['SMS', 'Email', 'Call'], weight: 1, country: 'US', block: '+12025550' },
];

let table: TestTable;
let backend: Backend;
let down: readonly Method[];
let reason: 'throttled' | 'timeout' | 'fault' | 'spend-limit' | 'account-refused';
/** How long it takes. */
let seconds: number;

async function deploy(sends: Partial<Policy['sends']> = {}): Promise<void> {
  await table?.close();
  table = await startTable();
  const policy = { ...defaultPolicy, sends: { ...defaultPolicy.sends, ...sends } };
  backend = { ...backendOn(table, policy), decoys };
  down = [];
  seconds = 0;
}
beforeEach(() => deploy());
afterAll(() => table.close());

function carrier(method: Method): CarrierResult {
  backend.advance(seconds);
  return down.includes(method) ? { kind: 'refused', reason } : { kind: 'accepted' };
}

async function start(userId: string, method: Method = 'SMS'): Promise<string> {
  const person = await backend.person(userId);
  const outcome = await startChallenge({ person, client, purpose: 'sign-in', method }, backend);
  if (outcome.kind !== 'challenge') throw new Error(outcome.kind);
  return outcome.view.challengeId;
}

/** What can be seen of a person's and of nobody's challenge after each round, each delivered by instances of its own. */
async function fates() {
  await enrolUser({ userId: 'erin', phone, email: 'erin@example.com' }, true, backend);
  const ids = [await start('erin'), await start('nobody-like-erin')];
  const [own, other] = [workerOn(table, backend, carrier), workerOn(table, backend, carrier)];
  backend.advance(3);
  const seen: unknown[][] = [];
  const look = async () => {
    const views = await Promise.all(ids.map((id) => readChallenge(id, client, backend)));
    seen.push(views.map((view) => `${view?.method} ${view?.delivery} ${view?.status}`));
  };
  while (backend.queued.length > 0) {
    const round = backend.queued.splice(0);
    const isPersons = ({ message }: (typeof round)[number]) => message.challengeId === ids[0];
    for (const { message } of round.filter(isPersons)) await deliverCode(message, own.ports);
    for (const { message } of round.filter((each) => !isPersons(each)))
      await deliverCode(message, other.ports);
    await look();
    backend.advance(1);
  }
  await look();
  expect(other.left).toEqual([]);
  return { persons: seen.map(([person]) => person), nobodys: seen.map(([, nobody]) => nobody) };
}

describe('enumeration by an outage', () => {
  test.each(['throttled', 'timeout', 'fault'] as const)(
    'enumeration by an outage (%s): retries, the next method and the end look alike',
    async (trouble) => {
      reason = trouble;
      down = ['SMS'];
      const { persons, nobodys } = await fates();
      expect(nobodys).toEqual(persons);
      expect(persons).toEqual([
        ...Array(4).fill('SMS queued pending'),
        ...Array(2).fill('Email queued pending'),
        'Email sent pending',
      ]);
    },
  );

  test.each(['spend-limit', 'account-refused'] as const)(
    'enumeration by an outage (%s): whom a carrier refuses for everybody’s sake gets the next method, and so does nobody',
    async (trouble) => {
      reason = trouble;
      down = ['SMS'];
      const { persons, nobodys } = await fates();
      expect(nobodys).toEqual(persons);
      expect(persons).toEqual([...Array(2).fill('Email queued pending'), 'Email sent pending']);
    },
  );

  test('enumeration by an outage: nobody waits as long for each refusal as a person does', async () => {
    [reason, down, seconds] = ['timeout', ['SMS'], 4];
    await enrolUser({ userId: 'erin', phone, email: 'erin@example.com' }, true, backend);
    for (const name of ['erin', 'nobody-like-erin']) await start(name);
    const { ports } = workerOn(table, backend, carrier);
    const waits: number[][] = [];
    for (let round = 1; round <= 5; round += 1) {
      const waited: number[] = [];
      for (const { message } of backend.queued.splice(0)) {
        const before = backend.clock.now();
        await deliverCode(message, ports);
        waited.push(backend.clock.now() - before);
      }
      waits.push(waited);
    }
    expect(waits).toEqual(Array(5).fill([4_000, 4_000]));
  });

  test('no clock that jumps makes nobody wait for longer than a carrier may take', () => {
    const takes = (milliseconds?: number) =>
      refusalTakes({ reason: 'fault', since: 0, at: 0, ...(milliseconds && { milliseconds }) });
    expect([undefined, -60_000, 120, 60_000].map(takes)).toEqual([0, 0, 120, 4_000]);
  });

  test('timing oracle on delivery: what a worker took late is said to be sent a second later, for nobody too', async () => {
    await enrolUser({ userId: 'erin', phone, email: 'erin@example.com' }, true, backend);
    const ids = [await start('erin'), await start('nobody-like-erin')];
    const told = () =>
      Promise.all(ids.map(async (id) => (await readChallenge(id, client, backend))?.delivery));
    backend.advance(20);
    await workerOn(table, backend, carrier).round();
    expect(await told()).toEqual(['queued', 'queued']);
    backend.advance(1);
    expect(await told()).toEqual(['sent', 'sent']);
  });

  test('is over for everybody with the first message that is accepted', async () => {
    reason = 'fault';
    const health = channelHealth(table);
    await health.write('SMS', { reason, since: backend.clock.now(), at: backend.clock.now() });
    const { persons, nobodys } = await fates();
    const sent = ['SMS queued pending', 'SMS sent pending'];
    expect([persons, nobodys]).toEqual([sent, sent]);
    expect(await health.read('SMS')).toBeUndefined();
  });

  test('is expected to last as long again as it has, a minute at least', async () => {
    const health = channelHealth(table);
    const minute = 60_000;
    const note = async (at: number, met?: string) =>
      noteHealth(health, 'SMS', await health.read('SMS'), met, at);
    await note(0, 'fault');
    await note(0, 'opted-out'); // of one destination
    const first = await health.read('SMS');
    expect([lasting(first, minute - 1), lasting(first, minute)]).toEqual(['fault', undefined]);
    for (const at of [0.5 * minute, minute, 1.5 * minute]) await note(at, 'throttled');
    const later = await health.read('SMS');
    expect([lasting(later, 3 * minute - 1), lasting(later, 3 * minute)]).toEqual(['throttled', undefined]);
    expect(await health.read('Email')).toBeUndefined();
    await note(5 * minute, 'fault');
    expect((await health.read('SMS'))?.since).toBe(5 * minute);
    await note(5 * minute);
    expect(await health.read('SMS')).toBeUndefined();
  });
});

describe('enumeration by a limit', () => {
  const byEmail = [...Array(2).fill('Email queued pending'), 'Email sent pending'];
  const ceilings = {
    perPrefixPerHour: 10,
    perCountryPerDay: 10,
    perClientPerHour: 10,
    dailyCeilingPerChannel: 10,
  };

  /** As if others had used it up. */
  async function useUp(name: QuotaName): Promise<void> {
    const { policy, keyring, clock } = backend;
    const { prices } = workerOn(table, backend).ports;
    const outgoing = { method: 'SMS', client, isImportant: false, phone, now: clock.now() } as const;
    const quota = quotasOf(outgoing, policy, prices, keyring).find((each) => each.name === name);
    const Key = quotaKey(name, quota?.of ?? '', 0, quota?.span ?? '');
    await table.client.send(
      new PutItemCommand({ TableName: table.name, Item: { ...Key, ...toItem({ sent: 10 }) } }),
    );
  }

  test.each([
    ['prefix', byEmail],
    ['country', byEmail],
    ['client', ['Email queued pending', ...Array(2).fill('Call queued pending'), 'Call failed pending']],
    ['channel', byEmail],
  ] as const)(
    'enumeration by a limit: the one of a %s that others used up meets a decoy as it meets a person',
    async (name, expected) => {
      await deploy(ceilings);
      await useUp(name);
      const { persons, nobodys } = await fates();
      expect(nobodys).toEqual(persons);
      expect(persons).toEqual(expected);
    },
  );

  test.each(['email', 'stopped'] as const)(
    'enumeration by the breaker: at its stage “%s” a decoy’s code leaves as a person’s does',
    async (stage) => {
      const now = backend.clock.now();
      await workerOn(table, backend).ports.breaker.trip('US', stage, now, now + 3_600_000);
      const { persons, nobodys } = await fates();
      expect(nobodys).toEqual(persons);
      expect(persons).toEqual(byEmail);
    },
  );

  test('names of nobody use up nothing of people’s', async () => {
    await deploy({ ...ceilings, perClientPerHour: 2 });
    for (let place = 0; place < 4; place += 1) await start(`invented-${place}`);
    const worker = workerOn(table, backend);
    await worker.round();
    const { persons } = await fates();
    expect(persons).toEqual(['SMS queued pending', 'SMS sent pending']);
  });
});
