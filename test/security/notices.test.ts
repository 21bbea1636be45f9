/** Notices: nothing that somebody can cause silences one, and none costs more than the policy's ceilings. */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Contact } from '../../shared/domain/contact/contact.ts';
import { enqueueNotices, withNotices } from '../../shared/domain/contact/notices.ts';
import { hmac128 } from '../../shared/domain/crypto/keyring.ts';
import { enrolUser } from '../../shared/domain/enrolment/enrol-user.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import { defaultPolicy, type Policy } from '../../shared/domain/policy/policy.ts';
import type { NoticeKind } from '../../shared/domain/user-record/notice.ts';
import { updateUser } from '../../shared/domain/user-record/update-user.ts';
import { toItem } from '../../shared/store/attributes.ts';
import { destinationKey } from '../../shared/store/table.ts';
import { type Backend, backendOn, someDay, trusting } from '../support/person.ts';
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
    ...trusting,
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

/** As a change of this kind tells it, without the change. */
async function tell({ userId }: Contact, kind: NoticeKind = 'codes-generated'): Promise<void> {
  const now = backend.clock.now();
  const key = await backend.keyOf(userId);
  const { record } = await updateUser(backend.users, key, (found) => {
    const notices = withNotices(found, kind, found.enrolment ? [found.enrolment.contact] : [], now);
    return { outcome: undefined, after: { ...found, notices } };
  });
  await enqueueNotices(key, record, backend);
  await worker.notify();
}

const toldOf = (kind: string) => worker.told.filter((notice) => notice.kind === kind).map(({ to }) => to);

/** Counts so many notices at an address now, of one kind or of all, as if they had been sent. */
async function fill(to: string, count: number, ...kind: NoticeKind[]): Promise<void> {
  const { keyring, clock } = backend;
  const counter = hmac128(keyring.key('destination', keyring.first), 'notice', to, ...kind);
  const sent = Array.from({ length: count }, () => clock.now());
  const Item = { ...destinationKey(counter), ...toItem({ sent, reservations: sent.map(String) }) };
  await table.client.send(new PutItemCommand({ TableName: table.name, Item }));
}

describe('notices silenced by a flood', () => {
  test('a day of notices of another kind leaves room to tell a changed address', async () => {
    const before = await enrol(1);
    for (const to of addressesOf(before)) {
      await fill(to ?? '', 20);
      await fill(to ?? '', 5, 'codes-generated');
    }
    await tell(before);
    expect(worker.told).toEqual([]);
    await enrolUser({ ...before, phone: { number: numberOf(999), country: 'US' } }, true, backend);
    await worker.notify();
    expect(toldOf('address-changed')).toEqual(expect.arrayContaining(addressesOf(before)));
    expect(toldOf('codes-generated')).toEqual([]);
  });

  test('what an address has no room for is told later, once for all of its kind', async () => {
    const person = await enrol(2, { phone: undefined, alternateEmail: undefined });
    await fill(person.email ?? '', 20);
    await fill(person.email ?? '', 4, 'codes-generated');
    for (let place = 0; place < 4; place += 1) {
      backend.advance(1);
      await tell(person);
    }
    expect(worker.told).toHaveLength(1);
    expect(worker.waiting).toHaveLength(3);
    backend.advance(900);
    await worker.notify();
    expect(worker.waiting).toHaveLength(1);
    backend.advance(86_400);
    await worker.notify();
    expect(worker.waiting).toEqual([]);
    expect(worker.told.map(({ at }) => (at - someDay) / 1_000)).toEqual([1, 4]);
    expect((await backend.users.read(await backend.keyOf(person.userId)))?.notices).toEqual({});
  });

  test('codes that use up a channel leave the share of important notices', async () => {
    await deploy({ dailyCeilingPerChannel: 10 });
    const people = await Promise.all(
      Array.from({ length: 10 }, (_, place) => enrol(place, { phone: undefined, alternateEmail: undefined })),
    );
    for (const { userId } of people)
      await startChallenge(
        { person: await backend.person(userId), client: 'web-login', purpose: 'sign-in' },
        backend,
      );
    await worker.work();
    expect(worker.left).toHaveLength(9);
    const [victim] = people as [Contact];
    await enrolUser({ ...victim, email: 'other@example.org' }, true, backend);
    await worker.notify();
    expect(toldOf('address-changed')).toHaveLength(1);
    expect(worker.waiting).toHaveLength(1);
  });
});

describe('notices as pumping', () => {
  test('changes without end send no more to a block of numbers than policy says, and the rest later', async () => {
    await deploy({ perPrefixPerHour: 3 });
    const outcomes: string[] = [];
    for (let place = 0; place < 5; place += 1) {
      const contact = await enrol(place, { email: undefined, alternateEmail: undefined });
      await enrolUser({ ...contact, email: `late-${place}@example.com` }, true, backend);
      outcomes.push(...(await worker.notify()).map(({ kind }) => kind));
    }
    const numbers = () => toldOf('address-changed').filter((to) => to.startsWith('+'));
    expect(numbers()).toHaveLength(3);
    expect(outcomes).toContain('held');
    backend.advance(3_600);
    await worker.notify();
    expect(new Set(numbers()).size).toBe(5);
    expect(worker.waiting).toEqual([]);
  });

  test('a notice waits while the breaker stops its country, and goes by email meanwhile', async () => {
    const person = await enrol(7);
    const until = backend.clock.now() + 3_600_000;
    await worker.ports.breaker.trip('US', 'stopped', backend.clock.now(), until);
    await tell(person);
    expect(toldOf('codes-generated').sort()).toEqual([person.email, person.alternateEmail]);
    backend.advance(3_601);
    await worker.notify();
    expect(toldOf('codes-generated')).toContain(person.phone?.number);
  });

  test('a number of a country that policy struck off gets none, now or later', async () => {
    await deploy({ countries: ['GB'] });
    const person = await enrol(8);
    await tell(person);
    expect(toldOf('codes-generated').sort()).toEqual([person.email, person.alternateEmail]);
    expect(worker.waiting).toEqual([]);
  });
});

describe('list that grows without a bound', () => {
  test('changes that nobody was told of yet are kept up to a number, the first among them', async () => {
    const first = await enrol(9);
    for (let change = 10; change < 16; change += 1)
      await enrolUser(contactOf(change, { userId: first.userId }), true, backend);
    const record = await backend.users.read(await backend.keyOf(first.userId));
    expect(Object.keys(record?.notices ?? {}).length).toBeLessThanOrEqual(8);
    // Each byte of a contact takes some ten characters here.
    expect(JSON.stringify(toItem(record ?? {})).length).toBeLessThan(30_000);
    await worker.notify();
    const told = toldOf('address-changed');
    expect(told).toEqual(expect.arrayContaining(addressesOf(first)));
    expect(told).toEqual(expect.arrayContaining(addressesOf(contactOf(15))));
  });
});
