/** Notices: nothing that somebody can cause silences one, and none costs more than the policy's ceilings. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { generateCodes } from '../../shared/domain/backup-codes/generate-codes.ts';
import type { Contact } from '../../shared/domain/contact/contact.ts';
import { enrolUser } from '../../shared/domain/enrolment/enrol-user.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import { defaultPolicy, type Policy } from '../../shared/domain/policy/policy.ts';
import { toItem } from '../../shared/store/attributes.ts';
import { type Backend, backendOn } from '../support/person.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { type Worker, workerOn } from '../support/worker.ts';

let table: TestTable;
let backend: Backend;
let worker: Worker;

/** Every test has a table of its own: ceilings are the deployment's. */
async function deploy(sends: Partial<Policy['sends']> = {}) {
  await table?.close();
  table = await startTable();
  const policy: Policy = {
    ...defaultPolicy,
    securityCodes: 'both',
    sends: { ...defaultPolicy.sends, ...sends },
  };
  backend = backendOn(table, policy);
  worker = workerOn(table, backend);
}
beforeEach(() => deploy());
afterAll(() => table.close());

const numberOf = (place: number) => `+1202555${String(place).padStart(4, '0')}`;

function contactOf(place: number, more: Partial<Contact> = {}): Contact {
  return {
    userId: `told-${place}`,
    phone: { number: numberOf(place), country: 'US' },
    email: `told-${place}@example.com`,
    alternateEmail: `told-${place}@example.net`,
    ...more,
  };
}

async function enrol(place: number, more: Partial<Contact> = {}): Promise<Contact> {
  const contact = contactOf(place, more);
  await enrolUser(contact, true, backend);
  return contact;
}

const addressesOf = ({ phone, email, alternateEmail }: Contact) => [phone?.number, email, alternateEmail];

let requests = 0;
async function generate({ userId }: Contact): Promise<void> {
  requests += 1;
  const person = await backend.person(userId);
  const reason = 'lost the phone';
  const request = { person, kind: 'one-time', client: 'helpdesk', reason, request: `g-${requests}` } as const;
  expect((await generateCodes({ ...request, operator: `operator-${requests}` }, backend)).kind).toBe(
    'generated',
  );
  await worker.notify();
}

const toldOf = (kind: string) => worker.told.filter((notice) => notice.kind === kind).map(({ to }) => to);

describe('notices silenced by a flood', () => {
  test('after twenty-five batches of codes a changed address is told at every old one', async () => {
    const before = await enrol(1);
    for (let batch = 0; batch < 25; batch += 1) await generate(before);
    await enrolUser({ ...before, phone: { number: numberOf(999), country: 'US' } }, true, backend);
    await worker.notify();
    expect(toldOf('address-changed')).toEqual(expect.arrayContaining(addressesOf(before)));
  });

  test('what an address has no room for is told later, once for all of its kind', async () => {
    const person = await enrol(2, { phone: undefined, alternateEmail: undefined });
    for (let batch = 0; batch < 30; batch += 1) await generate(person);
    expect(toldOf('codes-generated')).toHaveLength(25);
    expect(worker.waiting.length).toBeGreaterThan(0);
    for (let hour = 0; hour < 25; hour += 1) {
      backend.advance(3_600);
      await worker.notify();
    }
    expect(worker.waiting).toEqual([]);
    expect(toldOf('codes-generated')).toHaveLength(26);
    const [last] = worker.told.slice(-1);
    const record = await backend.users.read(await backend.keyOf(person.userId));
    expect(last?.at).toBe(record?.codeBatches['one-time']?.at);
    expect(record?.notices).toEqual({});
  });

  test('codes that use up a channel leave the share of important notices', async () => {
    await deploy({ dailyCeilingPerChannel: 20 });
    const people = await Promise.all(
      Array.from({ length: 20 }, (_, place) => enrol(place, { phone: undefined, alternateEmail: undefined })),
    );
    for (const { userId } of people)
      await startChallenge(
        { person: await backend.person(userId), client: 'web-login', purpose: 'sign-in' },
        backend,
      );
    await worker.work();
    expect(worker.left).toHaveLength(18);
    const [victim] = people as [Contact];
    await enrolUser({ ...victim, email: 'other@example.org' }, true, backend);
    await worker.notify();
    expect(toldOf('address-changed').sort()).toEqual([victim.email, 'other@example.org'].sort());
  });
});

describe('notices as pumping', () => {
  test('changes without end send no more to a block of numbers than policy says, and the rest later', async () => {
    await deploy({ perPrefixPerHour: 12 });
    const outcomes: string[] = [];
    for (let place = 0; place < 20; place += 1) {
      const contact = await enrol(place, { email: undefined, alternateEmail: undefined });
      await enrolUser({ ...contact, email: `late-${place}@example.com` }, true, backend);
      outcomes.push(...(await worker.notify()).map(({ kind }) => kind));
    }
    const numbers = () => toldOf('address-changed').filter((to) => to.startsWith('+'));
    expect(numbers()).toHaveLength(12);
    expect(outcomes).toContain('held');
    backend.advance(3_600);
    await worker.notify();
    expect(new Set(numbers()).size).toBe(20);
    expect(worker.waiting).toEqual([]);
  });

  test('a notice waits while the breaker stops its country, and goes by email meanwhile', async () => {
    const person = await enrol(7);
    const until = backend.clock.now() + 3_600_000;
    await worker.ports.breaker.trip('US', 'stopped', backend.clock.now(), until);
    await generate(person);
    expect(toldOf('codes-generated').sort()).toEqual([person.email, person.alternateEmail]);
    backend.advance(3_601);
    await worker.notify();
    expect(toldOf('codes-generated')).toContain(person.phone?.number);
  });

  test('a number of a country that policy struck off gets none, now or later', async () => {
    await deploy({ countries: ['GB'] });
    const person = await enrol(8);
    await generate(person);
    expect(toldOf('codes-generated').sort()).toEqual([person.email, person.alternateEmail]);
    expect(worker.waiting).toEqual([]);
  });
});

describe('list that grows without a bound', () => {
  test('changes that nobody was told of yet are kept up to a number, the first among them', async () => {
    const first = await enrol(9);
    for (let change = 10; change < 60; change += 1)
      await enrolUser(contactOf(change, { userId: first.userId }), true, backend);
    const record = await backend.users.read(await backend.keyOf(first.userId));
    expect(Object.keys(record?.notices ?? {}).length).toBeLessThanOrEqual(8);
    expect(JSON.stringify(toItem(record ?? {})).length).toBeLessThan(20_000);
    await worker.notify();
    const told = toldOf('address-changed');
    expect(told).toEqual(expect.arrayContaining(addressesOf(first)));
    expect(told).toEqual(expect.arrayContaining(addressesOf(contactOf(59))));
  });
});
