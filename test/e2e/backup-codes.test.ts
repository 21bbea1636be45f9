/** Backup codes over HTTP: the help desk makes, counts and revokes them, a person signs in with each once. */
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { borrowStack, type Json, type Stack } from '../stack.ts';
import { ownName } from '../support/own-name.ts';
import { enrol, type Person, problemOf, put, until } from './people.ts';
import { recoverer, whoAsksFor } from './recovering.ts';

let stack: Stack;
let api: ReturnType<typeof recoverer>;
beforeAll(async () => {
  stack = await borrowStack();
  api = recoverer(stack);
});
afterAll(() => stack.stop());

const form = /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/;
const day = 86_400;

async function batch({ userId }: Person, body: object = { kind: 'static' }): Promise<Json> {
  const answer = await api.generate(userId, body);
  if (answer.status !== 201) throw new Error(`generation answered ${answer.status}`);
  return answer.body;
}
const use = ({ userId }: Person, code: unknown, key?: string) =>
  api.useBackupCode({ userId, code }, key === undefined ? {} : { key });
/** The words of every notice that reached an address, newest first. */
const noticesTo = async (to: string) => (await stack.outbox(to)).map(({ body }) => body);

describe('generating', () => {
  test('shows ten static codes without an end, and one one-time code that lives for a day', async () => {
    const person = await enrol(stack);
    const fixed = await batch(person);
    expect(fixed).toEqual({ kind: 'static', codes: Array(10).fill(expect.stringMatching(form)) });
    expect(new Set(fixed.codes).size).toBe(10);
    const before = await stack.now();
    const once = await batch(person, { kind: 'one-time' });
    expect(once).toEqual({
      kind: 'one-time',
      codes: [expect.stringMatching(form)],
      expiresAt: expect.any(String),
    });
    expect(Date.parse(once.expiresAt) - before).toBeGreaterThanOrEqual((day - 1) * 1_000);
    expect(Date.parse(once.expiresAt) - before).toBeLessThan((day + 60) * 1_000);
  });

  test('makes as many as were asked for, living for as long', async () => {
    const person = await enrol(stack);
    expect((await batch(person, { kind: 'static', count: 10 })).codes).toHaveLength(10);
    const { codes, expiresAt } = await batch(person, {
      kind: 'one-time',
      count: 3,
      expiresInSeconds: day / 2,
    });
    expect(codes).toHaveLength(3);
    expect(expiresAt).toBeDefined();
  });

  test.each([
    [{}, '/kind'],
    [{ kind: 'both' }, '/kind'],
    [{ kind: 'static', count: 0 }, '/count'],
    [{ kind: 'static', count: 21 }, '/count'],
    [{ kind: 'static', count: 11 }, '/count'], // the policy's own bound is ten
    [{ kind: 'one-time', expiresInSeconds: day + 1 }, '/expiresInSeconds'],
    [{ kind: 'static', count: 1.5 }, '/count'],
    [{ kind: 'one-time', expiresInSeconds: 59 }, '/expiresInSeconds'],
    [{ kind: 'one-time', expiresInSeconds: 7 * day + 1 }, '/expiresInSeconds'],
    [{ kind: 'static', expiresInSeconds: 3_600 }, '/expiresInSeconds'],
    [{ kind: 'static', operator: '' }, '/operator'],
    [{ kind: 'static', operator: null }, '/operator'],
    [{ kind: 'static', reason: null }, '/reason'],
    [{ kind: 'static', reason: 'r'.repeat(257) }, '/reason'],
    [{ kind: 'static', ticket: '' }, '/ticket'],
  ])('refuses %j', async (body, pointer) => {
    const { userId } = await enrol(stack);
    expect(problemOf(await api.generate(userId, body))).toMatchObject({
      status: 400,
      code: 'invalid-request',
      pointers: [pointer],
    });
    expect((await api.countCodes(userId)).body.static.total).toBe(0);
  });

  test('is for the help desk and the administrator, not for clients, and not for oneself', async () => {
    const { userId } = await enrol(stack);
    for (const client of ['credential-provider', 'web-login'] as const) {
      expect(problemOf(await api.generate(userId, { kind: 'static' }, { client }))).toMatchObject({
        status: 403,
      });
    }
    for (const operator of [userId, userId.toUpperCase()]) {
      expect(problemOf(await api.generate(userId, { kind: 'static', operator }))).toMatchObject({
        status: 403,
        code: 'forbidden',
      });
    }
    expect((await api.generate(userId, { kind: 'static' }, { client: 'admin' })).status).toBe(201);
  });

  test('for somebody who does not exist is not found, like counting and revoking', async () => {
    const nobody = ownName('nobody');
    for (const answer of [
      await api.generate(nobody, { kind: 'static' }),
      await api.countCodes(nobody),
      await api.revokeCodes(nobody),
    ]) {
      expect(problemOf(answer)).toMatchObject({ status: 404, code: 'not-found' });
    }
  });

  test('a second time under its key says that it was done, and shows nothing again', async () => {
    const person = await enrol(stack);
    const generate = (body: object) => api.generate(person.userId, body, { key: 'made-once' });
    const made = await generate({ kind: 'static', count: 2 });
    for (const body of [
      { kind: 'static', count: 2 },
      { kind: 'static', count: 3 },
    ]) {
      const again = await generate(body);
      expect(problemOf(again)).toMatchObject({ status: 409, code: 'conflict' });
      for (const code of made.body.codes) expect(again.text).not.toContain(code);
    }
    expect((await use(person, made.body.codes[0])).status).toBe(200);
  });
});

describe('using', () => {
  test('gives an assertion to the client, once', async () => {
    const person = await enrol(stack);
    const { codes } = await batch(person);
    const used = await use(person, codes[3]);
    expect(used.status).toBe(200);
    const { assertion, verifiedAt: _, ...rest } = used.body;
    expect(rest).toEqual({
      verified: true,
      userId: person.userId,
      purpose: 'sign-in',
      method: 'backup-code',
      amr: ['otp'],
      acr: 'urn:mfa-fallback:acr:backup-code',
    });
    expect(decodeJwt(assertion)).toMatchObject({ sub: person.userId, aud: 'credential-provider' });
    expect(problemOf(await use(person, codes[3]))).toMatchObject({ status: 422, code: 'code-rejected' });
    expect((await use(person, codes[4])).status).toBe(200);
  });

  test('takes codes as people type them', async () => {
    const person = await enrol(stack);
    const { codes } = await batch(person);
    const spellings: ((code: string) => string)[] = [
      (code) => code.toLowerCase().replaceAll('-', ''),
      (code) => ` ${code.replaceAll('-', ' ')} `,
      (code) => `3. ${code.replaceAll('0', 'O').replaceAll('1', 'l')}`,
      (code) => code.replace(/[A-Z]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)),
    ];
    for (const [place, spell] of spellings.entries()) {
      expect((await use(person, spell(codes[place]))).status).toBe(200);
      expect(problemOf(await use(person, codes[place]))).toMatchObject({ status: 422 });
    }
  });

  test('refuses what cannot be a code and spends nothing', async () => {
    const person = await enrol(stack);
    for (const code of ['0000', '0'.repeat(17), 'UUUU-UUUU-UUUU-UUUU', '', 7]) {
      expect(problemOf(await use(person, code))).toMatchObject({ status: 400, pointers: ['/code'] });
    }
    expect((await use(person, '0000-0000-0000-0000')).body).toMatchObject({ attemptsRemaining: 9 });
  });

  test('again under its key is answered alike; another code under it is a conflict', async () => {
    const person = await enrol(stack);
    const { codes } = await batch(person);
    const used = await use(person, codes[0], 'used');
    expect((await use(person, codes[0], 'used')).text).toBe(used.text);
    expect(problemOf(await use(person, codes[1], 'used'))).toMatchObject({ status: 409 });
    expect((await api.countCodes(person.userId)).body.static.remaining).toBe(9);
  });

  test('again under its key is answered alike also when a new batch has ended its own', async () => {
    const person = await enrol(stack);
    const { codes } = await batch(person);
    const used = await use(person, codes[0], 'before');
    await batch(person);
    expect((await use(person, codes[0], 'before')).text).toBe(used.text);
    expect((await use(person, codes[0])).status).toBe(422);
    expect((await api.countCodes(person.userId)).body.static.remaining).toBe(10);
  });

  test('a key is forgotten after ten minutes: what comes under it then is judged', async () => {
    const person = await enrol(stack);
    const { codes } = await batch(person);
    expect((await use(person, '0000-0000-0000-0000', 'old')).status).toBe(422);
    await stack.advance(601);
    expect((await use(person, codes[0], 'old')).status).toBe(200);
  });

  test('of somebody else’s code is refused, and so is a name that does not exist', async () => {
    const [one, other] = [await enrol(stack), await enrol(stack)];
    const { codes } = await batch(one);
    const nobody = { ...other, userId: ownName('nobody-else') };
    const refusals = await Promise.all([use(other, codes[0]), use(nobody, codes[0])]);
    expect(refusals.map(problemOf)).toEqual(
      Array(2).fill(expect.objectContaining({ status: 422, code: 'code-rejected' })),
    );
    expect(refusals[1]?.body).toEqual(refusals[0]?.body);
    expect((await use(one, codes[0])).status).toBe(200);
  });

  test('takes either a user or a recovery', async () => {
    const { userId } = await enrol(stack);
    const code = '0000-0000-0000-0000';
    for (const body of [{ code }, { code, userId, recoveryId: 'a' }]) {
      expect(problemOf(await api.useBackupCode(body))).toMatchObject({ status: 400 });
    }
    expect(problemOf(await api.useBackupCode({ code, recoveryId: 'a' }))).toMatchObject({
      status: 410,
      code: 'challenge-closed',
    });
  });
});

describe('a code ends', () => {
  test('at the second that it was given, counted by the clock', async () => {
    const person = await enrol(stack);
    const { codes } = await batch(person, { kind: 'one-time', count: 2, expiresInSeconds: 600 });
    await stack.advance(590);
    expect((await use(person, codes[0])).status).toBe(200);
    await stack.advance(11);
    expect(problemOf(await use(person, codes[1]))).toMatchObject({ status: 422, code: 'code-rejected' });
    expect((await api.countCodes(person.userId)).body['one-time']).toMatchObject({
      total: 2,
      remaining: 0,
    });
  });

  test('when a new batch of its kind is shown, and the other kind stays', async () => {
    const person = await enrol(stack);
    const old = await batch(person);
    const once = await batch(person, { kind: 'one-time' });
    const fresh = await batch(person);
    expect(problemOf(await use(person, old.codes[0]))).toMatchObject({ status: 422 });
    expect((await use(person, fresh.codes[0])).status).toBe(200);
    expect((await use(person, once.codes[0])).status).toBe(200);
  });

  test('when the help desk revokes, and counting then says none', async () => {
    const person = await enrol(stack);
    const { codes } = await batch(person);
    const once = await batch(person, { kind: 'one-time' });
    expect((await api.countCodes(person.userId)).body).toMatchObject({
      static: { total: 10, remaining: 10 },
      'one-time': { total: 1, remaining: 1, expiresAt: once.expiresAt },
    });
    expect((await api.revokeCodes(person.userId)).status).toBe(204);
    for (const code of [codes[0], once.codes[0]]) {
      expect(problemOf(await use(person, code))).toMatchObject({ status: 422 });
    }
    expect((await api.countCodes(person.userId)).body).toMatchObject({
      static: { total: 0, remaining: 0 },
      'one-time': { total: 0, remaining: 0 },
    });
  });

  test('with its user', async () => {
    const person = await enrol(stack);
    const { codes } = await batch(person);
    const path = `/v1/users/${person.userId}`;
    await api.call('DELETE', path, undefined, { client: 'admin' });
    expect(problemOf(await use(person, codes[0]))).toMatchObject({ status: 422 });
  });
});

describe('who had codes made, and why,', () => {
  const count = async ({ userId }: Person) => (await api.countCodes(userId)).body;
  const why = { operator: 'Olga', reason: 'handset left at a fair', ticket: 'CASE-20417' };

  test('is told with the codes, a ticket where there was one', async () => {
    const person = await enrol(stack);
    await batch(person, { kind: 'static', ...why });
    await batch(person, { kind: 'one-time' });
    const told = {
      client: 'helpdesk',
      generatedAt: expect.any(String),
      operatorReference: expect.stringMatching(/^[\w-]{22}$/),
    };
    const asked = whoAsksFor(person.userId);
    const counted = await count(person);
    expect(counted.static).toEqual({ total: 10, remaining: 10, ...told, ...why });
    expect(counted['one-time']).toEqual({
      total: 1,
      remaining: 1,
      expiresAt: expect.any(String),
      ...told,
      ...asked,
    });
    expect(counted.generations).toEqual([
      { kind: 'one-time', count: 1, ...told, ...asked },
      { kind: 'static', count: 10, ...told, ...why },
    ]);
  });

  test('outlives a batch that is superseded or revoked, and is not told of whom the name means next', async () => {
    const person = await enrol(stack);
    await batch(person, { kind: 'static', count: 1, ...why });
    await batch(person, { kind: 'static', count: 2, ...why, ticket: 'CASE-20418' });
    await api.revokeCodes(person.userId);
    const revoked = await count(person);
    expect(revoked.static).toEqual({ total: 0, remaining: 0 });
    expect(revoked.generations.map(({ ticket }: Json) => ticket)).toEqual(['CASE-20418', 'CASE-20417']);
    await api.call('DELETE', `/v1/users/${person.userId}`, undefined, { client: 'admin' });
    expect((await api.countCodes(person.userId)).status).toBe(404);
    await put(stack, person.userId, { email: person.email });
    expect((await count(person)).generations).toEqual([]);
  });

  test('is told to nobody who signs people in', async () => {
    const { userId } = await enrol(stack);
    for (const client of ['credential-provider', 'web-login'] as const) {
      const path = `/v1/users/${userId}/backup-codes`;
      expect(problemOf(await api.call('GET', path, undefined, { client }))).toMatchObject({ status: 403 });
    }
  });
});

test('codes are in no later answer', async () => {
  const person = await enrol(stack);
  const { codes } = await batch(person);
  for (const path of ['/backup-codes', '']) {
    const answer = await api.call('GET', `/v1/users/${person.userId}${path}`, undefined, {
      client: 'admin',
    });
    expect(answer.status).toBe(200);
    for (const code of codes) expect(answer.text).not.toContain(code);
  }
});

test('the person hears at every address of a batch, of each use, and when two are left', async () => {
  const alternateEmail = `heard-${process.pid}@alternate.example`;
  const person = { ...(await enrol(stack, { alternateEmail })), alternateEmail };
  const { codes } = await batch(person, { kind: 'static', count: 3 });
  const addresses = [person.phone, person.email, alternateEmail];
  const heard = async (count: number) => {
    for (const to of addresses) {
      const texts = await until(
        () => noticesTo(to),
        (all) => all.length >= count,
      );
      expect(texts).toHaveLength(count);
      expect(new Set(texts).size).toBe(count);
      for (const text of texts) for (const code of codes) expect(text).not.toContain(code);
    }
  };
  await heard(1);
  expect((await use(person, codes[0])).status).toBe(200);
  await heard(3); // used, and two are left
});

describe('at the wire', () => {
  const costOf = async (status: number, operation: () => ReturnType<typeof use>) => {
    await stack.forgetRequests();
    expect((await operation()).status).toBe(status);
    return (await stack.requests())['dynamodb'];
  };

  test('a wrong code is two reads and an attempt', async () => {
    const person = await enrol(stack);
    const wrong = () => use(person, '0000-0000-0000-0000');
    expect(await costOf(422, wrong)).toEqual({ GetItem: 2, UpdateItem: 1 });
  });

  test('a right one is a write more, before its notices are sent', async () => {
    const person = await enrol(stack);
    const { codes } = await batch(person);
    await stack.received(person.email);
    await stack.received(person.phone);
    const settled = async () => Object.keys(await stack.requests()).length === 0;
    await until(async () => {
      await stack.forgetRequests();
      await new Promise((resolve) => setTimeout(resolve, 300));
      return settled();
    }, Boolean);
    // The queue keeps its caller waiting: the worker that tells the person cannot have begun when it is counted.
    await stack.forgetRequests();
    await stack.fault('sqs', 'timeout', 1);
    const answer = use(person, codes[0]);
    const { dynamodb } = await until(stack.requests, (seen) => seen['sqs'] !== undefined);
    await stack.fault('sqs', 'timeout', 0);
    expect((await answer).status).toBe(200);
    expect(dynamodb).toEqual({ GetItem: 2, UpdateItem: 2 });
  });
});
