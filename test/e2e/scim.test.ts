/** SCIM as Entra ID and Okta really send it, against a started stack, and what is refused with its place. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { borrowStack, type Json, type Stack } from '../stack.ts';
import { ownName } from '../support/own-name.ts';
import { put, userPath } from './people.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await borrowStack();
});
afterAll(() => stack.stop());

const user = 'urn:ietf:params:scim:schemas:core:2.0:User';
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
let numbers = 0;
const newNumber = () => {
  numbers += 1;
  return `+1 202 555 ${String(2000 + numbers)}`;
};

async function scim(method: string, path: string, body?: unknown, token = 'local') {
  const answer = await fetch(`${stack.origin}/scim/v2${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/scim+json; charset=utf-8' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: (text.startsWith('{') ? JSON.parse(text) : undefined) as Json };
}

const patch = (id: string, ...Operations: object[]) =>
  scim('PATCH', `/Users/${id}`, { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations });
const search = (filter: string) => scim('GET', `/Users?filter=${encodeURIComponent(filter)}`);
const enrolled = async (name: string) =>
  stack.request('GET', userPath(name), { token: await stack.token('admin') });

/** As Entra ID's default mapping creates somebody. */
const entraUser = (name: string, externalId: string) => ({
  schemas: [user, enterprise],
  externalId,
  userName: `${name}@corp.example`,
  active: 'True',
  displayName: 'Lena Novak',
  emails: [
    { primary: true, type: 'work', value: `Lena.${name}@example.com` },
    { type: 'other', value: `SMTP:lena.${name}@example.com` },
  ],
  phoneNumbers: [{ type: 'mobile', value: newNumber() }],
  meta: { resourceType: 'User' },
  name: { formatted: 'Lena Novak', familyName: 'Novak', givenName: 'Lena' },
  preferredLanguage: 'de-AT',
  roles: [],
  aliases: ['alice'],
  protected: true,
  [enterprise]: { department: 'Care', manager: 'somebody' },
});

test('a cycle of Entra ID: probe, create, disable, enable, rename, new number, hard delete', async () => {
  const name = ownName('entra');
  const guid = '0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef';
  expect(await search(`userName eq "${guid}"`)).toMatchObject({ status: 200, body: { totalResults: 0 } });
  const sent = entraUser(name, guid);
  await stack.quiet();
  await stack.clearOutbox();
  const created = await scim('POST', '/Users', sent);
  expect(created).toMatchObject({
    status: 201,
    body: { userName: sent.userName, active: true, externalId: guid },
  });
  expect(created.body.phoneNumbers).toEqual([sent.phoneNumbers[0]]);
  expect(created.body.emails).toEqual([{ type: 'work', value: sent.emails[0]?.value, primary: true }]);
  await stack.quiet();
  expect(await stack.outbox()).toEqual([]);

  const { id } = created.body;
  const entraName = `entra:0a1b2c3d-0000-4000-8000-000000000001:${guid}`;
  expect((await enrolled(entraName)).body).toMatchObject({ userId: sent.userName, reference: id });
  expect((await enrolled(name)).body).not.toHaveProperty('aliases');
  for (const filter of [`userName eq "${name.toUpperCase()}"`, `externalId eq "${guid}"`])
    expect((await search(filter)).body.Resources).toMatchObject([{ id }]);
  expect((await search(`emails[type eq "work"].value eq "lena.${name}@example.com"`)).body.totalResults).toBe(
    1,
  );

  expect((await patch(id, { op: 'Replace', path: 'active', value: 'False' })).body.active).toBe(false);
  expect((await enrolled(name)).body.enabled).toBe(false);
  expect((await patch(id, { op: 'Replace', path: 'active', value: 'True' })).body.active).toBe(true);

  const renamed = await patch(
    id,
    { op: 'Replace', path: 'userName', value: `${name}-new@corp.example` },
    { op: 'Add', path: 'name.familyName', value: 'Novak-Braun' },
    { op: 'Replace', path: `${enterprise}:department`, value: 'Surgery' },
  );
  expect(renamed).toMatchObject({ status: 200, body: { id, userName: `${name}-new@corp.example` } });
  expect((await enrolled(name)).status).toBe(404);

  const number = '+1 (202) 555-2999';
  const path = 'phoneNumbers[type eq "mobile"].value';
  expect((await patch(id, { op: 'Replace', path, value: number })).body.phoneNumbers[0].value).toBe(number);
  expect((await enrolled(`${name}-new`)).body.phone).toBe('+12025552999');
  expect((await patch(id, { op: 'Remove', path })).body).not.toHaveProperty('phoneNumbers');
  expect((await patch(id, { op: 'Add', path, value: number })).body.phoneNumbers[0].value).toBe(number);

  expect((await scim('DELETE', `/Users/${id}`)).status).toBe(204);
  expect((await scim('GET', `/Users/${id}`)).status).toBe(404);
  expect((await enrolled(`${name}-new`)).status).toBe(404);
});

test('a cycle of Okta: look, create, PUT of everything, deactivate, reactivate', async () => {
  const userName = `okta-${process.pid}@corp.example`;
  expect((await scim('GET', '/Users?startIndex=1&count=2')).body).toMatchObject({ startIndex: 1 });
  expect((await search(`userName eq "${userName}"`)).body.totalResults).toBe(0);
  const base = {
    schemas: [user],
    userName,
    name: { givenName: 'Omar', familyName: 'Kay' },
    emails: [
      { primary: true, value: `okta.${process.pid}@example.com`, type: 'Work' },
      { value: 'omar@home.example', type: 'secondary' },
      null,
    ],
    displayName: 'Omar Kay',
    locale: 'en-US',
    externalId: '00u1abcd2efGHIJKL3',
    groups: [],
    password: 'Mcd3Jk4L',
  };
  const { status, body } = await scim('POST', '/Users', { ...base, active: true });
  expect(status).toBe(201);
  expect(body.emails).toEqual([{ ...base.emails[0], type: 'work' }]);
  const all = { ...base, id: body.id, phoneNumbers: [{ value: newNumber(), type: 'mobile' }] };
  expect((await scim('PUT', `/Users/${body.id}`, all)).body).toMatchObject({
    active: true,
    phoneNumbers: all.phoneNumbers,
  });
  const off = await patch(body.id, { op: 'replace', value: { active: false } });
  expect(off.body.active).toBe(false);
  expect((await scim('PUT', `/Users/${body.id}`, all)).body.active).toBe(true);
  expect((await scim('POST', '/Users', base)).body).toMatchObject({ status: '409', scimType: 'uniqueness' });
  await scim('DELETE', `/Users/${body.id}`);
});

test('somebody who was enrolled before is found, changed and keeps aliases and questions', async () => {
  const name = ownName('earlier');
  await put(stack, name, { email: `${name}@example.com`, aliases: [`${name}-alias`] });
  const [found] = (await search(`userName eq "${name}"`)).body.Resources;
  await stack.quiet();
  await stack.clearOutbox();
  const changed = await scim('PUT', `/Users/${found.id}`, {
    ...found,
    externalId: `x-${name}`,
    displayName: 'E',
  });
  expect(changed.status).toBe(200);
  await stack.quiet();
  expect(await stack.outbox()).toEqual([]);
  expect((await enrolled(`x-${name}`)).body).toMatchObject({ userId: name, aliases: [`${name}-alias`] });
  // An administrator's PUT and PATCH leave the directory's name alone.
  await put(stack, name, { email: `${name}@example.com`, aliases: [] });
  const token = await stack.token('admin');
  const withoutNames = await stack.request('PATCH', userPath(name), { token, body: { aliases: null } });
  expect(withoutNames.body).not.toHaveProperty('aliases');
  expect((await enrolled(`x-${name}`)).status).toBe(200);
});

test('an administrator’s access token works as well as the connection’s own, and no other token does', async () => {
  const admin = await stack.token('admin');
  const userName = `by-token-${process.pid}@corp.example`;
  const created = await scim('POST', '/Users', { schemas: [user], userName }, admin);
  expect(created.status).toBe(201);
  // Made by the connection: it sees the person.
  expect((await scim('GET', `/Users/${created.body.id}`)).body).toMatchObject({ userName });
  const helpdesk = await stack.token('helpdesk');
  expect(await scim('GET', '/Users', undefined, helpdesk)).toMatchObject({
    status: 403,
    body: { status: '403', schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'] },
  });
  const [head, claims] = admin.split('.');
  expect((await scim('GET', '/Users', undefined, `${head}.${claims}.AAAA`)).status).toBe(401);
});

test('a protected person is changed and told of, but not removed, and no body touches protection, aliases or questions', async () => {
  const name = ownName('guarded');
  const questions = ['first-teacher', 'childhood-street', 'first-film'].map((questionId, at) => ({
    questionId,
    answer: `Answer ${at} of theirs`,
  }));
  await put(stack, name, {
    email: `${name}@example.com`,
    aliases: [`${name}-alias`],
    protected: true,
    securityQuestions: questions,
  });
  const [found] = (await search(`userName eq "${name}"`)).body.Resources;
  expect(JSON.stringify(found)).not.toMatch(/protected|alias|question/i);
  const more = { aliases: [], protected: false, securityQuestions: [], 'urn:x:own': { protected: false } };
  expect((await scim('PUT', `/Users/${found.id}`, { ...found, ...more, displayName: 'G' })).status).toBe(200);
  await patch(
    found.id,
    { op: 'Replace', path: 'protected', value: false },
    { op: 'Remove', path: 'aliases' },
    { op: 'Replace', value: { protected: 'False', securityQuestions: [] } },
  );
  const kept = { protected: true, aliases: [`${name}-alias`], securityQuestions: 3, displayName: 'G' };
  expect((await enrolled(name)).body).toMatchObject(kept);
  expect(await scim('DELETE', `/Users/${found.id}`)).toMatchObject({
    status: 409,
    body: { scimType: 'mutability', detail: expect.stringContaining('protected') },
  });
  expect((await enrolled(name)).status).toBe(200);
  const path = 'emails[type eq "work"].value';
  await patch(found.id, { op: 'Replace', path, value: `${name}@elsewhere.example` });
  await stack.quiet();
  const log = readFileSync(stack.output, 'utf8');
  for (const event of ['protected-person-changed', 'directory-address-changed'])
    expect(log).toMatch(new RegExp(`"event":"${event}".*"user":"${found.id}"`));
  expect(await stack.outbox(`${name}@example.com`)).toHaveLength(1);
});

test('pages by cursor name everybody once, and are told of in the configuration', async () => {
  const { pagination } = (await scim('GET', '/ServiceProviderConfig')).body;
  expect(pagination).toMatchObject({ cursor: true, index: true, defaultPaginationMethod: 'index' });
  const byIndex = (await scim('GET', '/Users?count=200')).body;
  const seen: string[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const { status, body }: { status: number; body: Json } = await scim(
      'GET',
      `/Users?cursor=${cursor}&count=2`,
    );
    expect(status).toBe(200);
    seen.push(...body.Resources.map(({ id }: { id: string }) => id));
    cursor = body.nextCursor;
  }
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.length).toBe(byIndex.totalResults);
});

describe('what cannot be is refused at its place, and nothing of it is done', () => {
  let id: string;
  const userName = `refused-${process.pid}@corp.example`;
  beforeAll(async () => {
    id = (await scim('POST', '/Users', { schemas: [user], userName })).body.id;
  });

  test.each<[string, () => Promise<{ status: number; body: Json }>, object]>([
    ['a token of nobody', () => scim('GET', '/Users', undefined, 'guessed'), { status: '401' }],
    [
      'an unknown schema',
      () => scim('POST', '/Users', { schemas: ['urn:x'], userName }),
      { scimType: 'invalidSyntax', detail: expect.stringContaining('schemas') },
    ],
    [
      'a word for a boolean that is none',
      () => patch(id, { op: 'Replace', path: 'active', value: 'perhaps' }),
      { scimType: 'invalidValue', detail: expect.stringContaining('active') },
    ],
    ['a cursor that no page gave', () => scim('GET', '/Users?cursor=AAAA'), { scimType: 'invalidCursor' }],
    ['a page of none by cursor', () => scim('GET', '/Users?cursor&count=0'), { scimType: 'invalidCount' }],
    [
      'no userName',
      () => scim('POST', '/Users', { schemas: [user] }),
      { scimType: 'invalidValue', detail: expect.stringContaining('userName') },
    ],
    [
      'a name with a slash',
      () => scim('POST', '/Users', { schemas: [user], userName: 'a/b' }),
      { scimType: 'invalidValue', detail: expect.stringContaining('userName') },
    ],
    [
      'a number of no country',
      () => patch(id, { op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+999 1' }),
      { scimType: 'invalidValue', detail: expect.stringContaining('phoneNumbers[type eq "mobile"].value') },
    ],
    [
      'a path that is not there',
      () => patch(id, { op: 'Replace', path: 'nonsense', value: '1' }),
      { scimType: 'invalidPath' },
    ],
    [
      'an operation that is none',
      () => patch(id, { op: 'Twist', path: 'displayName' }),
      { scimType: 'invalidSyntax' },
    ],
    [
      'a name that somebody has',
      () => patch(id, { op: 'replace', path: 'userName', value: 'alice' }),
      { scimType: 'uniqueness' },
    ],
    ['a broken filter', () => search('userName eqq "'), { scimType: 'invalidFilter' }],
    ['half a filter', () => search('userName'), { scimType: 'invalidFilter' }],
    ['a filter with or', () => search('userName eq "a" or userName eq "b"'), { scimType: 'invalidFilter' }],
    ['a filter of what is not searched', () => search('displayName eq "a"'), { scimType: 'invalidFilter' }],
    ['a person who is not there', () => scim('GET', '/Users/AAAAAAAAAAAAAAAAAAAAAA'), { status: '404' }],
  ])('%s', async (_, ask, problem) => {
    expect((await ask()).body).toMatchObject({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      ...problem,
    });
    expect((await scim('GET', `/Users/${id}`)).body).toMatchObject({ userName, active: true });
  });

  test('a page beyond the end is empty, and groups are 404', async () => {
    expect((await scim('GET', '/Users?startIndex=100000&count=5')).body).toMatchObject({
      itemsPerPage: 0,
      Resources: [],
    });
    expect((await scim('GET', '/Groups')).status).toBe(404);
  });
});
