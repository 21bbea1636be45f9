/** What a directory, or whoever holds its token, cannot do: reach people of another one, take names, end protection. */
import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Connection } from '../../functions/scim/connection.ts';
import { byFilter, byId } from '../../functions/scim/find.ts';
import type { Ports } from '../../functions/scim/ports.ts';
import { type Asking, change, create, remove, replace } from '../../functions/scim/users.ts';
import { decryptContact, encryptContact } from '../../shared/domain/contact/contact.ts';
import { splitHead } from '../../shared/domain/contact/email-digests.ts';
import { type Keyring, keyringOf } from '../../shared/domain/crypto/keyring.ts';
import { enrolUser } from '../../shared/domain/enrolment/enrol-user.ts';
import { readUser } from '../../shared/domain/enrolment/read-users.ts';
import { defaultPolicy } from '../../shared/domain/policy/policy.ts';
import type { Enrolment } from '../../shared/domain/user-record/user-record.ts';
import { backendOn } from '../support/person.ts';
import { startTable, type TestTable } from '../support/table.ts';

const table = await startTable();
afterAll(() => table.close());

const connection = (name: string, digit: string): Connection => ({
  name,
  tokenSha256: digit.repeat(64),
  userNameEndings: [`@${name}.example`],
});
const [one, two] = [connection('one', '1'), connection('two', '2')];
const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User'];

const backend = backendOn(table, defaultPolicy);
const tokens = { issuer: 'https://issuer.example', audience: ['mfa'], clientIdClaim: 'client_id' };
const ports: Ports = { ...backend, voice: true, connections: [one, two], tokens };
let people = 0;
beforeEach(() => {
  backend.told.length = 0;
  people += 1;
});
const by = (connection: Connection): Asking => ({ connection, base: 'https://api.example/scim/v2', ports });
const nameAt = (ending: string) => `person-${people}@${ending}.example`;
const operations = (...Operations: object[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations,
});

test('directory that reaches people of another: they are not there for it, and their names are taken', async () => {
  const userName = nameAt('one');
  const externalId = `x-${people}`;
  const { id } = await create({ schemas, userName, externalId }, by(one));
  const refused = { status: 404 };
  await expect(byId(id, two, ports)).rejects.toMatchObject(refused);
  await expect(replace(id, { schemas, userName: nameAt('two') }, by(two))).rejects.toMatchObject(refused);
  await expect(change(id, operations({ op: 'remove', path: 'emails' }), by(two))).rejects.toMatchObject(
    refused,
  );
  await expect(remove(id, by(two))).rejects.toMatchObject(refused);
  for (const filter of [`userName eq "${userName}"`, `externalId eq "${externalId}"`])
    expect(await byFilter(filter, two, ports)).toEqual([]);
  expect(await byFilter(`userName eq "${userName}"`, one, ports)).toMatchObject([{ key: id }]);

  // A name of its own ending is free for it; the other's is not its to give, and an enrolled one is taken.
  await expect(create({ schemas, userName }, by(two))).rejects.toMatchObject({ scimType: 'invalidValue' });
  const open = by({ ...two, userNameEndings: undefined });
  await expect(create({ schemas, userName }, open)).rejects.toMatchObject({
    status: 409,
    scimType: 'uniqueness',
  });
  // A bare externalId is no name, so that both may have the same.
  expect((await create({ schemas, userName: nameAt('two'), externalId }, by(two))).id).not.toBe(id);
});

describe('directory that speaks for a tenant of Entra ID', () => {
  const only: Connection = { ...connection('only', '3'), userNameEndings: undefined };
  const [own, other] = ['0a1b2c3d-0000-4000-8000-000000000001', '0a1b2c3d-0000-4000-8000-000000000002'];
  const asking = (tenantId?: string): Asking => {
    const acting = { ...only, tenantId };
    return {
      ...by(acting),
      ports: { ...ports, connections: [acting], sameNames: ['CORP\\', '@corp.example'] },
    };
  };
  const oid = () => `00000000-0000-4000-8000-${String(people).padStart(12, '0')}`;

  test.each([
    ['entra:', ''],
    ['ENTRA:', ''],
    ['en\u200btra:', ''],
    ['\uff45ntra\uff1a', ''],
    ['CORP\\entra:', ''],
    ['entra:', '@corp.example'],
  ])('gives nobody a name of another one: %j…%s', async (before, after) => {
    const name = `${before}${other}:${oid()}${after}`;
    for (const tenant of [undefined, own]) {
      const userName = { schemas, userName: name };
      const externalId = { schemas, userName: nameAt('only'), externalId: name };
      for (const user of [userName, externalId])
        await expect(create(user, asking(tenant))).rejects.toMatchObject({
          status: 400,
          scimType: 'invalidValue',
        });
      const { id } = await create({ schemas, userName: nameAt(`only${tenant?.length}`) }, asking(tenant));
      await expect(replace(id, userName, asking(tenant))).rejects.toMatchObject({ status: 400 });
      const renamed = operations({ op: 'replace', path: 'userName', value: name });
      await expect(change(id, renamed, asking(tenant))).rejects.toMatchObject({ status: 400 });
    }
  });

  test('gives those of its own, and leaves one that an administrator gave', async () => {
    const mine = `entra:${own}:${oid()}`;
    expect(await create({ schemas, userName: mine }, asking(own))).toMatchObject({ userName: mine });
    const given = `entra:${other}:${oid()}`;
    await enrolUser({ userId: given }, true, backend);
    const [found] = await byFilter(`userName eq "${given}"`, only, ports);
    const left = operations({ op: 'replace', path: 'active', value: false });
    expect(await change(found?.key ?? '', left, asking())).toMatchObject({ userName: given, active: false });
  });
});

test('directory that reaches people of another: no ending that names lose hides another’s', async () => {
  const same = ['@one.example'];
  const losing: Asking = { ...by(one), ports: { ...ports, sameNames: same } };
  for (const userName of [`${nameAt('two')}@one.example`, `${nameAt('two')}@ONE.example`])
    await expect(create({ schemas, userName }, losing)).rejects.toMatchObject({ scimType: 'invalidValue' });
  expect(await create({ schemas, userName: nameAt('one') }, losing)).toMatchObject({
    userName: nameAt('one'),
  });
});

test('directory that reaches people of another: whom no connection changed belongs to the first that does', async () => {
  const userName = nameAt('two');
  await enrolUser({ userId: userName, email: `p${people}@example.com` }, true, backend);
  const [found] = await byFilter(`userName eq "${userName}"`, one, ports);
  const id = found?.key ?? '';
  expect(await byFilter(`emails.value eq "P${people}@example.com"`, two, ports)).toMatchObject([{ key: id }]);
  await change(id, operations({ op: 'add', path: 'displayName', value: 'P' }), by(two));
  await expect(byId(id, one, ports)).rejects.toMatchObject({ status: 404 });
});

test('directory that leads codes to itself: every address is told, the old ones too, and a protected person is not removed', async () => {
  const userId = nameAt('one');
  await enrolUser({ userId, email: `p${people}@example.com`, protected: true }, true, backend);
  const [found] = await byFilter(`userName eq "${userId}"`, one, ports);
  const id = found?.key ?? '';
  const emails = [{ type: 'work', value: `thief${people}@example.org` }];
  await replace(id, { schemas, userName: userId, emails, protected: false, aliases: ['thief'] }, by(one));
  // The one before and the one now.
  expect(backend.told.map(({ address }) => address)).toEqual(['email', 'email']);
  const after = await readUser(userId, backend);
  expect(after?.contact).toMatchObject({ protected: true });
  expect(after?.contact.aliases).toBeUndefined();
  await expect(remove(id, by(one))).rejects.toMatchObject({ status: 409, scimType: 'mutability' });
});

test('directory that floods people with notices: a first enrolment and a repetition tell nobody', async () => {
  const userName = nameAt('one');
  const user = { schemas, userName, externalId: `x-${people}`, displayName: 'A', active: true };
  const { id } = await create(user, by(one));
  await replace(id, { ...user, displayName: 'B' }, by(one));
  await change(id, operations({ op: 'replace', path: 'active', value: false }), by(one));
  expect(backend.told).toEqual([]);
});

describe('addresses searched for', () => {
  const master = (digit: number) => [digit, Buffer.alloc(32, digit)] as const;
  const old = keyringOf(new Map([master(1)]));
  const rotated = keyringOf(new Map([master(2), master(1)]));
  let own: TestTable;
  let there: ReturnType<typeof backendOn>;
  beforeEach(async () => {
    await own?.close();
    own = await startTable();
    there = backendOn(own, defaultPolicy, old);
    await Promise.all(
      ['erin', 'mallory', 'niaj', 'olivia'].map((userId) =>
        enrolUser({ userId, email: `${userId}@example.com` }, true, there),
      ),
    );
    await enrolUser(
      { userId: 'erin', email: 'Erin@example.com', alternateEmail: 'e@home.example' },
      true,
      there,
    );
  });
  afterAll(() => own.close());

  /** Who is found, and by how many queries and decryptions. */
  async function found(filter: string, keyring: Keyring = old) {
    let decryptions = 0;
    const counting: Keyring = {
      ...keyring,
      key(use, version) {
        if (use === 'contact') decryptions += 1;
        return keyring.key(use, version);
      },
    };
    const send = vi.spyOn(own.client, 'send');
    const people = await byFilter(filter, one, { ...ports, ...backendOn(own, defaultPolicy, counting) });
    const commands = send.mock.calls.map(([command]) => command as unknown);
    send.mockRestore();
    expect(commands.every((command) => command instanceof QueryCommand)).toBe(true);
    return { who: people.map(({ contact }) => contact.userId), queries: commands.length, decryptions };
  }
  const of = async (userId: string) => {
    const { record } = await there.person(userId);
    return { record, enrolment: record.enrolment as Enrolment };
  };
  async function rewrite(userId: string, contactOf: (enrolment: Enrolment, locator: string) => Uint8Array) {
    const { record, enrolment } = await of(userId);
    const contact = contactOf(enrolment, record.locator);
    expect(await there.users.write(record, { ...record, enrolment: { ...enrolment, contact } })).toBe(true);
  }

  test.each([
    'emails.value eq "erin@example.com"',
    'emails.value eq "ERIN@EXAMPLE.COM"',
    'emails[type eq "work"].value eq "erin@example.com"',
    'emails[type eq "work" and value eq "erin@example.com"]',
    'emails.value eq "E@Home.example" and active eq true',
    'emails[type eq "other"].value eq "e@home.example"',
  ])('%s finds the person by one query, and decrypts nobody else', async (filter) => {
    expect(await found(filter)).toEqual({ who: ['erin'], queries: 1, decryptions: 1 });
  });

  test.each<[string, number, number]>([
    ['emails.value eq "erin@example.org"', 1, 0],
    ['emails.value eq "erin"', 0, 0],
    ['emails.value eq ""', 0, 0],
    ['emails[type eq "other"].value eq "erin@example.com"', 1, 1],
    ['emails[type eq "work"].value eq "e@home.example"', 1, 1],
    ['emails[type eq "home"].value eq "erin@example.com"', 1, 1],
  ])('%s finds nobody', async (filter, queries, decryptions) => {
    expect(await found(filter)).toEqual({ who: [], queries, decryptions });
  });

  test('an address that was changed or taken away finds nobody, and its next person is found', async () => {
    await enrolUser({ userId: 'erin', email: 'new@example.com' }, true, there);
    await enrolUser({ userId: 'niaj', email: 'e@home.example' }, true, there);
    expect((await found('emails.value eq "erin@example.com"')).who).toEqual([]);
    expect((await found('emails.value eq "new@example.com"')).who).toEqual(['erin']);
    expect((await found('emails.value eq "e@home.example"')).who).toEqual(['niaj']);
  });

  test('over a rotation everybody is found, before the record is written again and after', async () => {
    const filter = 'emails.value eq "erin@example.com"';
    expect(await found(filter, rotated)).toEqual({ who: ['erin'], queries: 1, decryptions: 1 });
    const later = backendOn(own, defaultPolicy, rotated);
    await enrolUser({ userId: 'erin', email: 'erin@example.com' }, true, later);
    expect(await found(filter, rotated)).toEqual({ who: ['erin'], queries: 1, decryptions: 1 });
    // Who has not the newer key cannot say that nobody has the address.
    await expect(found('emails.value eq "erin@example.org"', old)).rejects.toThrow('unknown-pepper-key');
  });

  test('records from before there were digests are found, and they alone are decrypted', async () => {
    for (const userId of ['erin', 'niaj'])
      await rewrite(userId, ({ contact }, locator) =>
        encryptContact(decryptContact(contact, locator, old), locator, old),
      );
    const filter = 'emails.value eq "erin@example.com"';
    expect(await found(filter)).toEqual({ who: ['erin'], queries: 1, decryptions: 2 });
    await enrolUser({ userId: 'niaj', email: 'niaj@example.com' }, true, there);
    expect(await found(filter)).toEqual({ who: ['erin'], queries: 1, decryptions: 1 });
  });

  test('digests of somebody else, written to a person, make nobody a match', async () => {
    const { head } = splitHead((await of('erin')).enrolment.contact);
    await rewrite('mallory', ({ contact }) => Buffer.concat([head, splitHead(contact).ciphertext]));
    await expect(found('emails.value eq "erin@example.com"')).rejects.toThrow();
  });

  test('of another connection’s person nothing comes out', async () => {
    const directory = { connection: 'two', names: [], sent: {} };
    await enrolUser({ userId: 'erin', email: 'erin@example.com', directory }, true, there);
    expect((await found('emails.value eq "erin@example.com"')).who).toEqual([]);
  });
});
