/** The directory's door in parts: whose token counts, what a request asks for, and pages that tell nobody of others' people. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { administratorOf } from '../../functions/scim/access-token.ts';
import { type Connection, connectionOfClient, namesOfExternalId } from '../../functions/scim/connection.ts';
import { contactOf } from '../../functions/scim/contact-of.ts';
import { pageAfter } from '../../functions/scim/cursor-page.ts';
import { byFilter } from '../../functions/scim/find.ts';
import { list as listed } from '../../functions/scim/list.ts';
import { operationsOf } from '../../functions/scim/patch-operations.ts';
import type { Ports } from '../../functions/scim/ports.ts';
import { readBody } from '../../functions/scim/read-body.ts';
import { encryptContact } from '../../shared/domain/contact/contact.ts';
import { keyringOf } from '../../shared/domain/crypto/keyring.ts';

type PrivateKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

const now = Date.parse('2026-03-02T09:00:00Z');
const seconds = now / 1000;

describe('an access token', () => {
  let server: Server;
  let issuer: string;
  let privateKey: PrivateKey;
  beforeAll(async () => {
    const pair = await generateKeyPair('RS256');
    privateKey = pair.privateKey;
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'RS256' };
    server = createServer((request, response) => {
      const told = request.url === '/keys' ? { keys: [jwk] } : { issuer, jwks_uri: `${issuer}/keys` };
      response.end(JSON.stringify(told));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  const good = { client_id: 'directory', scope: 'mfa/admin', aud: 'mfa', exp: seconds + 60 };
  const token = (claims: JWTPayload, alg = 'RS256', key: PrivateKey | Uint8Array = privateKey) =>
    new SignJWT({ iss: issuer, ...claims }).setProtectedHeader({ alg, kid: 'one' }).sign(key);
  const read = (text: string) =>
    administratorOf(text, now, { issuer, audience: ['mfa'], clientIdClaim: 'client_id' });

  test.each<[string, JWTPayload, boolean]>([
    ['with the scope of administrators', {}, true],
    ['with it in roles', { scope: undefined, roles: ['mfa/admin'] }, true],
    ['with the help desk’s', { scope: 'mfa/helpdesk' }, false],
    ['with a role beside a scope of ours', { scope: 'mfa/signin', roles: ['mfa/admin'] }, false],
  ])('%s is known for what it may do', async (_, more, isAllowed) => {
    const claims = Object.fromEntries(
      Object.entries({ ...good, ...more }).filter(([, one]) => one !== undefined),
    );
    expect(await read(await token(claims))).toEqual({ client: 'directory', isAllowed });
  });

  test('without an audience is for the client that it names, as Cognito issues it', async () => {
    const { aud: _, ...claims } = good;
    expect(await read(await token({ ...claims, client_id: 'mfa' }))).toEqual({
      client: 'mfa',
      isAllowed: true,
    });
    expect(await read(await token(claims))).toBeUndefined();
  });

  test.each<[string, JWTPayload]>([
    ['for somebody else', { aud: 'another' }],
    ['of another issuer', { iss: 'https://another.example' }],
    ['that is over', { exp: seconds - 1 }],
    ['that is not yet good', { nbf: seconds + 60 }],
    ['of no client', { client_id: '' }],
  ])('%s is none', async (_, more) => {
    expect(await read(await token({ ...good, ...more }))).toBeUndefined();
  });

  test('that somebody else signed, or nobody, is none', async () => {
    const { privateKey: other } = await generateKeyPair('RS256');
    expect(await read(await token(good, 'RS256', other))).toBeUndefined();
    expect(await read(await token(good, 'HS256', new Uint8Array(32)))).toBeUndefined();
    const [, claims] = (await token(good)).split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    for (const text of [`${none}.${claims}.AAAA`, 'a.b.c', 'local', ''])
      expect(await read(text)).toBeUndefined();
  });

  test('is no verdict where the issuer’s keys cannot be had', async () => {
    const silent = { issuer: 'http://127.0.0.1:1', audience: ['mfa'], clientIdClaim: 'client_id' };
    const text = await token({ ...good, iss: silent.issuer });
    await expect(administratorOf(text, now, silent)).rejects.toThrow();
  });
});

const connection = (name: string, more: Partial<Connection> = {}): Connection => ({
  name,
  tokenSha256: '0'.repeat(64),
  ...more,
});

describe('connections', () => {
  const [entra, okta] = [connection('entra', { clientId: 'directory' }), connection('okta')];

  test('an administrator’s token acts for the only one, or for the one that names its client', () => {
    expect(connectionOfClient('anybody', [okta])).toBe(okta);
    expect(connectionOfClient('anybody', [entra])).toBeUndefined();
    expect(connectionOfClient('directory', [okta, entra])).toBe(entra);
    expect(connectionOfClient('anybody', [okta, entra])).toBeUndefined();
  });

  test('an externalId is a name where there is one connection, and with a tenant where it is a GUID', () => {
    const guid = '0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef';
    const tenant = connection('entra', { tenantId: 't' });
    expect(namesOfExternalId(guid, tenant, true)).toEqual([guid, `entra:t:${guid}`]);
    expect(namesOfExternalId(guid, tenant, false)).toEqual([`entra:t:${guid}`]);
    expect(namesOfExternalId('00u1', tenant, false)).toEqual([]);
    expect(namesOfExternalId('00u1', okta, true)).toEqual(['00u1']);
  });
});

describe('pages by cursor', () => {
  const keyring = keyringOf(new Map([[1, Buffer.alloc(32, 7)]]));
  const [mine, other] = [connection('mine'), connection('other')];
  /** 2,500 people, every third of another connection; the table's cursor is the place of the last one. */
  const people = Array.from({ length: 2_500 }, (_, place) => {
    const userId = `person-${place}`;
    const owner = place % 3 === 0 ? other : mine;
    const directory = { connection: owner.name, names: [], sent: {} };
    const locator = String(place).padStart(22, 'A');
    const contact = encryptContact({ userId, directory }, locator, keyring);
    return { locator, enrolment: { userId, contact, enabled: true } };
  });
  const list = async (limit: number, cursor?: string) => {
    const from = cursor === undefined ? 0 : Number(cursor) + 1;
    if (Number.isNaN(from)) return undefined;
    const last = from + limit - 1;
    return {
      users: people.slice(from, from + limit),
      ...(last < people.length - 1 ? { cursor: String(last) } : {}),
    };
  };
  const ports = { keyring, users: { list } } as unknown as Ports;

  test('name each person whom the connection sees once, in pages of any size', async () => {
    for (const count of [1, 7, 200]) {
      const seen: string[] = [];
      for (let cursor: string | undefined = ''; cursor !== undefined; ) {
        const page = await pageAfter(cursor, count, mine, ports);
        expect(page.found.length).toBeLessThanOrEqual(count);
        expect(cursor).toMatch(/^[\w-]*$/);
        seen.push(...page.found.map(({ contact }) => contact.userId));
        cursor = page.nextCursor;
      }
      const wanted = people.filter((_, place) => place % 3 !== 0);
      expect(seen).toEqual(wanted.map(({ enrolment }) => enrolment.userId));
    }
  });

  test('are a connection’s own, and tell nothing of the person they end at', async () => {
    const { nextCursor = '' } = await pageAfter('', 10, mine, ports);
    expect(Buffer.from(nextCursor, 'base64url').toString('latin1')).not.toContain('person');
    for (const cursor of [nextCursor, 'AAAA', `${nextCursor.slice(0, -2)}AA`, '14'])
      await expect(pageAfter(cursor, 10, other, ports)).rejects.toMatchObject({ scimType: 'invalidCursor' });
  });
});

describe('pages by index', () => {
  const keyring = keyringOf(new Map([[1, Buffer.alloc(32, 7)]]));
  const [mine, locator] = [connection('mine'), 'A'.repeat(22)];
  const contact = encryptContact({ userId: 'erin' }, locator, keyring);
  const person = { locator, enrolment: { userId: 'erin', contact, enabled: true } };

  async function page(query: Record<string, string>, people = 250) {
    const users = { list: async () => ({ users: Array(people).fill(person) }) };
    const asking = { connection: mine, base: 'https://api.example/scim/v2', ports: { keyring, users } };
    const { body = '' } = await listed({ queryStringParameters: query } as never, asking as never);
    const { Resources, ...told } = JSON.parse(body);
    return { ...told, shown: Resources.length };
  }

  test.each<[Record<string, string>, number, number]>([
    [{}, 100, 1],
    [{ count: '500' }, 200, 1],
    [{ startIndex: '241' }, 10, 241],
    [{ startIndex: '251' }, 0, 251],
    [{ startIndex: '100000', count: '5' }, 0, 100_000],
    [{ count: '0' }, 0, 1],
    [{ count: '-1' }, 0, 1],
    [{ startIndex: '0', count: 'many' }, 100, 1],
  ])('%j shows %i from %i on', async (query, shown, startIndex) => {
    expect(await page(query)).toMatchObject({ totalResults: 250, shown, itemsPerPage: shown, startIndex });
  });

  test('count ten thousand people exactly, and one more is too many', async () => {
    expect(await page({}, 10_000)).toMatchObject({ totalResults: 10_000 });
    await expect(page({}, 10_001)).rejects.toMatchObject({ status: 400, scimType: 'tooMany' });
  });
});

describe('a filter that cannot be read is told, and nobody is looked for', () => {
  test.each([
    'userName',
    'userName eq',
    'userName eq "a" and',
    'userName eq "a" or',
    'and',
    'eq "a"',
    '"',
    '((',
    'userName eq "a" "b"',
    'userName. eq "a"',
    'emails[type eq "work"',
    'emails[].value eq "a"',
    '__proto__ eq "a"',
    'not (userName eq "a")',
    'userName co "a"',
    'active eq true',
  ])('%s', async (filter) => {
    await expect(byFilter(filter, connection('mine'), {} as Ports)).rejects.toMatchObject({
      status: 400,
      scimType: 'invalidFilter',
    });
  });
});

describe('operations of a PATCH', () => {
  const current = { id: 'A', emails: [{ type: 'work', value: 'a@example.com' }] };
  const read = (...Operations: unknown[]) => operationsOf({ Operations }, current);
  const work = 'emails[type eq "work"].value';

  test.each<[unknown, object[]]>([
    [{ op: 'Replace', path: 'active', value: null }, [{ op: 'remove', path: 'active' }]],
    [{ op: 'replace', value: { emails: null } }, [{ op: 'remove', path: 'emails' }]],
    [
      { op: 'Replace', path: 'Emails[ type eq "Work" ].value', value: 'b' },
      [{ op: 'Replace', path: work, value: 'b' }],
    ],
    [
      { op: 'Replace', path: 'emails[type eq "other"].value', value: 'b' },
      [{ op: 'add', path: 'emails', value: [{ type: 'other', value: 'b' }] }],
    ],
    [{ op: 'Add', path: 'phoneNumbers[type eq "fax"].value', value: '1' }, []],
    [{ op: 'Add', path: 'emails[type eq "secondary"].value', value: 'b' }, []],
    [
      {
        op: 'Add',
        path: 'emails',
        value: [{ type: 'Other', value: 'b' }, { type: 'home', value: 'c' }, null],
      },
      [{ op: 'Add', path: 'emails', value: [{ type: 'other', value: 'b' }] }],
    ],
    [{ op: 'Add', path: 'urn:example:user:1.0:badge', value: 'b' }, []],
  ])('%j', (operation, expected) => {
    expect(read(operation)).toMatchObject(expected);
    expect(read(operation)).toHaveLength(expected.length);
  });

  test.each([
    [{ op: 'Add', path: 'emails', value: null }, 'emails'],
    [{ op: 'Replace', value: null }, 'value'],
  ])('%j is refused by the name of what has no value', (operation, field) => {
    expect(() => read(operation)).toThrow(
      expect.objectContaining({ scimType: 'invalidValue', message: expect.stringContaining(`${field}: `) }),
    );
  });
});

test.each([
  ['displayName', 'Jos\ufffd'],
  ['displayName', 'Jo\u0000s'],
  ['displayName', 'Jo\u2028s'],
  ['preferredLanguage', 'd\ufffd'],
  ['userName', 'jos\ufffd'],
])('a %s of %j is refused by its name, since it is no line or lost a character', (field, text) => {
  const ports = { connections: [connection('mine')], sameNames: [] } as unknown as Ports;
  expect(() => contactOf({ userName: 'jose', [field]: text }, connection('mine'), ports)).toThrow(
    expect.objectContaining({ scimType: 'invalidValue', message: expect.stringContaining(`${field}: `) }),
  );
});

describe('a body', () => {
  const read = (bytes: string | Buffer) =>
    readBody({
      headers: { 'content-type': 'application/scim+json' },
      body: Buffer.from(bytes).toString('base64'),
      isBase64Encoded: true,
    } as never);
  const core = 'urn:ietf:params:scim:schemas:core:2.0:User';

  test.each([
    [{ active: 'False' }, { active: false }],
    [{ [`${core}:active`]: 'TRUE' }, { [`${core}:active`]: true }],
    [{ emails: [{ primary: 'true', value: 'true' }] }, { emails: [{ primary: true, value: 'true' }] }],
    [
      { Operations: [{ path: 'Active', value: 'false' }] },
      { Operations: [{ path: 'Active', value: false }] },
    ],
    [
      { Operations: [{ path: `${core}:active`, value: 'False' }] },
      { Operations: [{ path: `${core}:active`, value: false }] },
    ],
    [
      { Operations: [{ path: 'displayName', value: 'True' }] },
      { Operations: [{ path: 'displayName', value: 'True' }] },
    ],
    [{ active: 'perhaps' }, { active: 'perhaps' }],
  ])('%j has booleans where they are meant', (sent, expected) => {
    expect(read(JSON.stringify(sent))).toEqual(expected);
  });

  test.each<[string, string | Buffer, string]>([
    ['Windows-1252', Buffer.from('{"displayName":"M\xfcller"}', 'latin1'), 'UTF-8'],
    ['what was no UTF-8 on its way', '{"displayName":"M\ufffdller"}', 'UTF-8'],
    ['half a character', '{"displayName":"x\\ud800"}', 'displayName: '],
    ['a list', '[]', 'no JSON object'],
    ['nothing', '', 'not JSON'],
  ])('of %s is refused, and says why', (_, bytes, why) => {
    const refused = expect.objectContaining({
      status: 400,
      scimType: 'invalidSyntax',
      message: expect.stringContaining(why),
    });
    expect(() => read(bytes)).toThrow(refused);
  });

  test('that is deep is read like any other', () => {
    const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`;
    expect(read(`{"userName":"erin","more":${deep}}`)).toMatchObject({ userName: 'erin' });
  });
});
