/** What a directory, or whoever holds its token, cannot do: reach people of another one, take names, end protection. */
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { Connection } from '../../functions/scim/connection.ts';
import { byFilter, byId } from '../../functions/scim/find.ts';
import type { Ports } from '../../functions/scim/ports.ts';
import { type Asking, change, create, remove, replace } from '../../functions/scim/users.ts';
import { enrolUser } from '../../shared/domain/enrolment/enrol-user.ts';
import { readUser } from '../../shared/domain/enrolment/read-users.ts';
import { defaultPolicy } from '../../shared/domain/policy/policy.ts';
import { backendOn } from '../support/person.ts';
import { startTable } from '../support/table.ts';

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
