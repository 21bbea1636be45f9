/** Users over HTTP: what an administrator enrols, what the help desk may see and do, and who may do neither. */
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoUser } from '../../infra/local/demo-user.ts';
import { type DevelopmentClient, developmentClients } from '../../infra/local/token-issuer/issuer.ts';
import { routes } from '../../shared/http/routes.ts';
import { borrowStack, type Json, type Stack } from '../stack.ts';
import { caller, codeSentTo, enrol, messagesTo, problemOf, put, until, userPath, wrong } from './people.ts';

let stack: Stack;
let api: ReturnType<typeof caller>;
beforeAll(async () => {
  stack = await borrowStack();
  api = caller(stack);
});
afterAll(() => stack.stop());

const admin = { client: 'admin' } as const;
const helpdesk = { client: 'helpdesk' } as const;
const why = { operator: 'olga', reason: 'back at work' };
const read = (userId: string, options: { client: DevelopmentClient } = admin) =>
  api.call('GET', userPath(userId), undefined, options);

/** The first user of a test that needs a name of its own. */
let names = 0;
const newName = (): string => `somebody-${++names}`;

describe('an administrator', () => {
  test('enrols, reads, changes and removes somebody', async () => {
    const userId = newName();
    const email = `${userId}@example.com`;
    const contact = { email, locale: 'fr', displayName: 'Some Body' };
    const created = await put(stack, userId, contact);
    expect(created.status).toBe(201);
    const view = { ...contact, userId, enabled: true, methods: ['Email'], lock: { kind: 'none' } };
    expect(created.body).toMatchObject({ ...view, reference: expect.stringMatching(/^[\w-]{22}$/) });
    expect((await read(userId)).body).toEqual(created.body);

    const changed = await put(stack, userId, { email, enabled: false });
    expect(changed.status).toBe(200);
    const { displayName, locale, ...rest } = created.body;
    expect(changed.body).toEqual({ ...rest, enabled: false });

    const removed = await api.call('DELETE', userPath(userId), undefined, admin);
    expect(removed).toMatchObject({ status: 204, text: '' });
    expect(problemOf(await read(userId))).toMatchObject({ status: 404, code: 'not-found' });
    expect((await api.call('DELETE', userPath(userId), undefined, admin)).status).toBe(404);
  });

  test('lists everybody by name, page by page, without addresses', async () => {
    const own = await Promise.all([1, 2, 3, 4, 5].map(() => enrol(stack)));
    const seen: string[] = [];
    let cursor = '';
    for (let pages = 0; pages < 40; pages += 1) {
      const limit = pages < 3 ? 2 : 100; // how many others there are depends on the files before this one
      const path = `/v1/users?limit=${limit}${cursor}`;
      const { status, body } = await api.call('GET', path, undefined, admin);
      expect(status).toBe(200);
      expect(body.users.length).toBeLessThanOrEqual(limit);
      const withoutNames = JSON.stringify(body.users.map((user: Json) => ({ ...user, userId: '' })));
      expect(withoutNames).not.toMatch(/@|\+1/);
      seen.push(...body.users.map(({ userId }: Json) => userId));
      if (body.cursor === undefined) break;
      cursor = `&cursor=${encodeURIComponent(body.cursor)}`;
    }
    expect(seen).toEqual(expect.arrayContaining(['alice', ...own.map(({ userId }) => userId)]));
    expect(seen).toEqual([...new Set(seen)].sort());
  });

  test.each([
    ['limit=0', '/query/limit'],
    ['limit=101', '/query/limit'],
    ['limit=many', '/query/limit'],
    ['cursor=made-up', '/query/cursor'],
    ['offset=3', '/query/offset'],
  ])('is shown what is wrong with a list of %s', async (query, pointer) => {
    const answer = await api.call('GET', `/v1/users?${query}`, undefined, admin);
    expect(problemOf(answer)).toMatchObject({ status: 400, code: 'invalid-request', pointers: [pointer] });
  });

  test('finds a user under every spelling of the name, and tells the one that was enrolled first', async () => {
    const userId = 'CORP\\Ünal.Ö';
    expect((await put(stack, userId, { email: 'uenal@example.com' })).status).toBe(201);
    expect((await read('corp\\üNAL.ö')).body.userId).toBe(userId);
    expect((await read('corp\\u\u0308nal.O\u0308')).body.userId).toBe(userId);
    expect((await put(stack, 'Corp\\ünal.ö', { email: 'uenal@example.com' })).status).toBe(200);
    const { body } = await api.start('CORP\\ÜNAL.Ö', { method: 'Email' });
    const verified = await api.verify(body.challengeId, await codeSentTo(stack, 'uenal@example.com'));
    expect(verified.body.userId).toBe(userId);
  });
});

test.each([
  ["o'brien@example.com", 'quartermaine@example.com'],
  ['John Smith-Quartermaine', 'quartermaine-js@example.com'],
  ['quartermaine_fabrikam.com#EXT#@contoso.onmicrosoft.com', 'quartermaine-ext@example.com'],
  ['auth0|5f7c8e-quartermaine', 'quartermaine-auth0@example.com'],
])(
  'a name as directories have it is enrolled, and signs in with a space behind it: %s',
  async (name, email) => {
    expect((await put(stack, name, { email })).body).toMatchObject({ userId: name });
    const { status, body } = await api.start(`${name} `);
    expect(status).toBe(201);
    const verified = await api.verify(body.challengeId, await codeSentTo(stack, email));
    expect(verified.body.userId).toBe(name);
    expect(decodeJwt(verified.body.assertion)['preferred_username']).toBe(name);
  },
);

describe('the help desk', () => {
  test('reads people masked', async () => {
    const { body, text } = await read('alice', helpdesk);
    expect(body).toMatchObject({ userId: 'alice', methods: ['SMS', 'Email', 'Call'], enabled: true });
    expect(body).toMatchObject({ phone: '•••• ••23', email: 'a•••@example.com' });
    const { phone, email, alternateEmail } = demoUser;
    for (const address of [phone, email, alternateEmail]) expect(text.includes(address)).toBe(false);
    expect((await read('alice')).body).toMatchObject({ phone, email, alternateEmail });
  });

  test('ends a wait, which a right code could not', async () => {
    const person = await enrol(stack);
    for (const round of [1, 2]) {
      const { body } = await api.start(person.userId, { method: 'Email' });
      await codeSentTo(stack, person.email, round);
      for (let attempt = 0; attempt < 5; attempt += 1) await api.verify(body.challengeId, '000000');
      await stack.advance(60);
    }
    await stack.advance(60);
    const { body } = await api.start(person.userId, { method: 'Email' });
    const code = await codeSentTo(stack, person.email, 3);
    // The eleventh wrong one opens a wait of 60 s.
    expect((await api.verify(body.challengeId, wrong(code))).status).toBe(422);
    const locked = await api.verify(body.challengeId, code);
    expect(problemOf(locked)).toMatchObject({ status: 429, code: 'attempts-exhausted' });
    expect(locked.body.reason).toBe('wait');
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(30);
    expect((await read(person.userId, helpdesk)).body.lock).toMatchObject({ kind: 'wait' });

    const unlocked = await api.call('POST', `${userPath(person.userId)}/unlock`, why, helpdesk);
    expect(unlocked).toMatchObject({ status: 204, text: '' });
    expect((await read(person.userId, helpdesk)).body.lock).toEqual({ kind: 'none' });
    expect((await api.verify(body.challengeId, code)).status).toBe(200);
  });

  test('may repeat an unlock under its key, which ends no wait that began since', async () => {
    const { userId, email } = await enrol(stack);
    const unlock = (body: object = why) =>
      api.call('POST', `${userPath(userId)}/unlock`, body, { ...helpdesk, key: 'an-unlock' });
    expect((await unlock()).status).toBe(204);
    for (let sent = 1; sent <= 2; sent += 1) {
      const { body } = await api.start(userId, { method: 'Email' });
      const code = await codeSentTo(stack, email, sent);
      for (let attempt = 1; attempt <= 5; attempt += 1)
        expect((await api.verify(body.challengeId, wrong(code, attempt))).status).toBe(422);
      await stack.advance(sent === 1 ? 60 : 0);
    }
    expect((await unlock()).status).toBe(204);
    expect((await read(userId, helpdesk)).body.lock).toMatchObject({ kind: 'wait' });
    expect(problemOf(await unlock({ reason: 'asked' }))).toMatchObject({
      status: 400,
      pointers: ['/operator'],
    });
    expect((await read(userId, helpdesk)).body.lock).toMatchObject({ kind: 'wait' });
  });

  test('is told that a name is unknown', async () => {
    for (const [method, path, body] of [
      ['GET', userPath('nobody'), undefined],
      ['POST', `${userPath('nobody')}/unlock`, why],
    ] as const) {
      expect(problemOf(await api.call(method, path, body, helpdesk))).toMatchObject({
        status: 404,
        code: 'not-found',
      });
    }
  });
});

describe('a phone number', () => {
  test.each([
    ['in E.164', '+12025550147', '+12025550147'],
    ['with brackets, spaces and a hyphen', '+1 (202) 555-0147', '+12025550147'],
    ['with dots', '+1.202.555.0147', '+12025550147'],
    ['with hyphens', '+1-202-555-0147', '+12025550147'],
    ['with space around it', '  +1 202 555 0147 ', '+12025550147'],
    ['with the national zero in brackets', '+44 (0)7400 123456', '+447400123456'],
    ['as Germans group it', '+49 1512 3456789', '+4915123456789'],
    ['as the Irish group it', '+353 85 012 3456', '+353850123456'],
  ])('written %s is kept in its one canonical form', async (_, typed, canonical) => {
    const { status, body } = await put(stack, 'spellings', { phone: typed });
    expect([200, 201]).toContain(status);
    expect(body.phone).toBe(canonical);
    expect(body.methods).toEqual(['SMS', 'Call']);
  });

  test.each([
    ['without its country', '2025550147'],
    ['with 00 for the plus', '0012025550147'],
    ['that is too short', '+1202555'],
    ['that is too long', '+120255501471234'],
    ['that nobody can have', '+12005550147'],
    ['with letters', '+1202555CODE'],
    ['with an extension', '+12025550147;ext=4'],
    ['with a premium rate in the US', '+19005550147'],
    ['with a premium rate in Germany', '+499001234567'],
    ['with a shared cost in the UK', '+448431234567'],
    ['that is toll-free', '+18005550147'],
    ['that is toll-free everywhere', '+80012345678'],
    ['that is personal (+44 70)', '+447012345678'],
    ['of a satellite', '+881612345678'],
    ['of another satellite', '+870773111632'],
    ['of a pager', '+447600123456'],
    ['of a country that policy does not name', '+79161234567'],
    ['of a Caribbean country in the same plan as the US', '+18765550147'],
    ['of no country', '+99912345678'],
    ['that is empty', ''],
    ['that is a word', 'none'],
    ['that is a page of digits', `+${'1'.repeat(200)}`],
  ])('premium and unsupported prefixes: %s is refused and changes nothing', async (_, phone) => {
    const answer = await put(stack, 'refused', { phone, email: 'refused@example.com' });
    expect(problemOf(answer)).toEqual({
      status: 400,
      type: 'application/problem+json',
      code: 'invalid-request',
      pointers: ['/phone'],
    });
    expect(answer.body.errors[0].detail).toMatch(/^\S.{10,}\.$/);
    expect(phone.length > 4 && answer.text.includes(phone)).toBe(false);
    expect((await read('refused')).status).toBe(404);
  });
});

describe('a contact as directories have it', () => {
  test('a landline is called, and gets no SMS', async () => {
    const { status, body } = await put(stack, newName(), { phone: '+44 20 7123 4567' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ phone: '+442071234567', methods: ['Call'] });
  });

  test('a domain in another script is kept as it is sent to', async () => {
    const { status, body } = await put(stack, newName(), { email: 'user@münchen.de' });
    expect(status).toBe(201);
    expect(body.email).toBe('user@xn--mnchen-3ya.de');
  });

  test('null is as good as nothing', async () => {
    const { status, body } = await put(stack, newName(), {
      phone: null,
      email: 'a@example.com',
      alternateEmail: null,
      locale: null,
      displayName: null,
      enabled: null,
      securityQuestions: null,
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({ email: 'a@example.com', enabled: true, securityQuestions: 0 });
    expect(body.phone).toBeUndefined();
  });

  test('bytes of another encoding change nothing', async () => {
    const userId = newName();
    const before = { email: 'a@example.com', displayName: 'José' };
    await put(stack, userId, before);
    const answer = await fetch(`${stack.origin}${userPath(userId)}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${await stack.token('admin')}`, 'content-type': 'application/json' },
      body: Buffer.from('{"email":"b@example.com","displayName":"Jos\xe9"}', 'latin1'),
    });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('The body is not UTF-8');
    expect((await read(userId)).body).toMatchObject(before);
  });

  test('an address in another case is no change, and tells nobody', async () => {
    const userId = newName();
    await put(stack, userId, { email: `${userId}@example.com` });
    await put(stack, userId, { email: `${userId.toUpperCase()}@EXAMPLE.com` });
    await put(stack, userId, { email: `other-${userId}@example.com` });
    await until(
      () => messagesTo(stack, `other-${userId}@example.com`),
      (messages) => messages === 1,
    );
    await until(
      () => messagesTo(stack, `${userId}@example.com`),
      (messages) => messages > 0,
    );
    expect(await messagesTo(stack, `${userId}@example.com`)).toBe(1); // of the other address
  });
});

describe('an alternate email', () => {
  test.each([
    ['in another case', 'sam.smith@example.com', 'Sam.Smith@EXAMPLE.com'],
    ['with other dots', 'sam.smith@example.com', 's.amsmith@example.com'],
    ['with a tag', 'sam.smith@example.com', 'sam.smith+recovery@example.com'],
    ['with all of these', 'sam.smith+a@example.com', 'SAMSMITH+b@Example.com'],
  ])('alternate email to the same inbox: one %s is refused', async (_, email, alternateEmail) => {
    const answer = await put(stack, 'refused', { email, alternateEmail });
    expect(problemOf(answer)).toMatchObject({ status: 400, pointers: ['/alternateEmail'] });
    expect((await read('refused')).status).toBe(404);
  });

  test('at another domain is taken', async () => {
    const contact = { email: 'sam@example.com', alternateEmail: 'sam@example.org' };
    expect((await put(stack, newName(), contact)).body).toMatchObject(contact);
  });
});

describe('a change of address', () => {
  test('closes the challenge that went there, and every address old and new is told', async () => {
    const alternateEmail = `${newName()}@example.org`;
    const person = await enrol(stack, { alternateEmail });
    const { body } = await api.start(person.userId, { method: 'SMS' });
    const code = await codeSentTo(stack, person.phone);
    const phone = '+12025559998';
    await put(stack, person.userId, { phone, email: person.email, alternateEmail });
    expect(problemOf(await api.verify(body.challengeId, code))).toMatchObject({ status: 410 });
    expect((await api.status(body.challengeId)).body.status).toBe('closed');
    for (const to of [phone, person.email, alternateEmail]) {
      await until(
        () => messagesTo(stack, to),
        (messages) => messages === 1,
      );
    }
    await until(
      () => messagesTo(stack, person.phone),
      (messages) => messages === 2,
    );
  });

  test('leaves a challenge open that went elsewhere', async () => {
    const person = await enrol(stack);
    const { body } = await api.start(person.userId, { method: 'Email' });
    const code = await codeSentTo(stack, person.email);
    await put(stack, person.userId, { phone: '+12025559997', email: person.email });
    expect((await api.verify(body.challengeId, code)).status).toBe(200);
  });

  test('that changes nothing tells nobody', async () => {
    const { userId, phone, email } = await enrol(stack);
    await put(stack, userId, { phone, email, displayName: 'Another Name' });
    const other = await enrol(stack);
    await put(stack, other.userId, { phone: other.phone });
    await until(
      () => messagesTo(stack, other.email),
      (messages) => messages === 1,
    ); // its notice came later
    expect(await messagesTo(stack, email)).toBe(0);
  });
});

describe('somebody whose sign-in was open', () => {
  test.each([
    ['is removed', (userId: string) => api.call('DELETE', userPath(userId), undefined, admin)],
    ['is disabled', (userId: string) => disable(userId)],
  ] as const)('disabled user finishing: cannot finish it once the person %s', async (_, end) => {
    const person = await enrol(stack);
    const { body } = await api.start(person.userId, { method: 'SMS' });
    const code = await codeSentTo(stack, person.phone);
    expect((await end(person.userId)).status).toBeLessThan(300);
    const answer = await api.verify(body.challengeId, code);
    expect([410, 422]).toContain(answer.status);
  });

  const disable = async (userId: string) => {
    const { phone, email } = (await read(userId)).body;
    return put(stack, userId, { phone, email, enabled: false });
  };
});

describe('a route', () => {
  const clients = Object.entries(developmentClients) as [DevelopmentClient, string][];
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const guarded = routes.filter(({ scopes }) => scopes !== null);
  const open = routes.filter(({ scopes }) => scopes === null);
  const concrete = (path: string) =>
    path.replace('{challengeId}', 'A'.repeat(43)).replace('{userId}', 'nobody');

  test.each(guarded)('JWT alg none: $method $path takes no token that is none', async ({ method, path }) => {
    const isDeliverable = await stack.token('admin');
    const [header = '', claims = '', signature = ''] = isDeliverable.split('.');
    const payload = JSON.parse(Buffer.from(claims, 'base64url').toString());
    const forged = [
      undefined,
      'garbage',
      'a.b.c',
      `${encode({ alg: 'none', typ: 'at+jwt' })}.${claims}.`,
      `${encode({ alg: 'none', typ: 'at+jwt' })}.${claims}.AAAA`,
      `${encode({ alg: 'HS256', typ: 'at+jwt' })}.${claims}.${signature}`,
      `${header}.${encode({ ...payload, scope: 'mfa/signin mfa/admin' })}.${signature}`,
      `${header}.${claims}.${signature.slice(0, -4)}AAAA`,
    ];
    for (const token of forged) {
      const answer = await stack.request(method, concrete(path), {
        ...(token === undefined ? {} : { token }),
        ...(method === 'GET' || method === 'DELETE' ? {} : { body: {} }),
      });
      expect(problemOf(answer)).toMatchObject({ status: 401, code: 'unauthenticated' });
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    }
  });

  test.each(guarded)(
    'wrong scope: $method $path opens to its scopes and to no other',
    async ({ method, path, scopes }) => {
      for (const [client, scope] of clients) {
        const body = method === 'GET' || method === 'DELETE' ? undefined : {};
        const answer = await api.call(method, concrete(path), body, { client });
        if ((scopes as readonly string[]).includes(scope)) expect([401, 403]).not.toContain(answer.status);
        else expect(problemOf(answer)).toMatchObject({ status: 403, code: 'forbidden' });
      }
    },
  );

  test.each(open)('$method $path needs no token', async ({ method, path }) => {
    expect((await stack.request(method, path)).status).toBe(200);
  });

  test('that nobody declared is not found', async () => {
    expect(problemOf(await stack.request('GET', '/v1/nothing'))).toMatchObject({
      status: 404,
      code: 'not-found',
    });
    const withKey = await api.call('POST', '/v1/nothing', {}, { key: 'a-key' });
    expect(problemOf(withKey)).toMatchObject({ status: 404, code: 'not-found' });
  });
});
