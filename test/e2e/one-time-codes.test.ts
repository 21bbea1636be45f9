/** One-time codes over HTTP: what a client that signs people in can rely on, with real tokens, table and bundles. */
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { borrowStack, type Stack } from '../stack.ts';
import { caller, codeSentTo, enrol, messagesTo, problemOf, until, wrong } from './people.ts';

let stack: Stack;
let api: ReturnType<typeof caller>;
beforeAll(async () => {
  stack = await borrowStack();
  api = caller(stack);
});
afterAll(() => stack.stop());

const opaque = /^[\w-]{22,}$/;
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

async function now(): Promise<number> {
  return Date.parse((await stack.request('GET', '/local/clock')).body.now);
}

/** Checks the signature against the published keys, with the stack's own time. */
async function readAssertion(assertion: string, audience: string) {
  const { body } = await stack.request('GET', '/.well-known/jwks.json');
  const { payload } = await jwtVerify(assertion, createLocalJWKSet(body), {
    typ: 'mfa-fallback+jwt',
    issuer: stack.origin,
    audience,
    algorithms: ['RS256'],
    requiredClaims: ['sub', 'preferred_username', 'iat', 'exp', 'jti', 'purpose', 'amr', 'acr'],
    currentDate: new Date(await now()),
  });
  return payload;
}

describe('a person with a phone and an email', () => {
  test.each([
    ['SMS', 'phone', ['otp', 'sms'], 'otp-pstn'],
    ['Email', 'email', ['otp'], 'otp-email'],
    ['Call', 'phone', ['otp', 'tel'], 'otp-pstn'],
  ] as const)('signs in once with a code by %s', async (method, address, amr, context) => {
    const person = await enrol(stack);
    const started = await api.start(person.userId, { method });
    expect(started.status).toBe(201);
    expect(started.headers.get('cache-control')).toBe('no-store');
    expect(started.body).toEqual({
      challengeId: expect.stringMatching(opaque),
      method,
      methods: ['SMS', 'Email', 'Call'],
      destination: expect.stringContaining('•••'),
      prompt: expect.stringContaining(started.body.destination),
      codeLength: 6,
      expiresAt: expect.stringMatching(rfc3339),
      resendAvailableAt: expect.stringMatching(rfc3339),
      attemptsRemaining: 5,
    });
    expect(Math.round((Date.parse(started.body.expiresAt) - (await now())) / 10_000)).toBe(30);

    const code = await codeSentTo(stack, person[address]);
    const { challengeId } = started.body;
    const verified = await api.verify(challengeId, code);
    expect(verified.status).toBe(200);
    expect(verified.headers.get('cache-control')).toBe('no-store');
    const acr = `urn:mfa-fallback:acr:${context}`;
    expect(verified.body).toEqual({
      verified: true,
      userId: person.userId,
      purpose: 'sign-in',
      method,
      amr,
      acr,
      verifiedAt: expect.stringMatching(rfc3339),
      assertion: expect.any(String),
    });

    const claims = await readAssertion(verified.body.assertion, 'credential-provider');
    expect(claims).toMatchObject({ sub: person.userId, purpose: 'sign-in', amr, acr });
    expect(claims.aud).toBe('credential-provider');
    expect(claims).not.toHaveProperty('nbf');
    expect(Number(claims.exp) - Number(claims.iat)).toBeLessThanOrEqual(120);
    expect(claims.jti).toMatch(opaque);

    expect(problemOf(await api.verify(challengeId, code))).toMatchObject({
      status: 410,
      code: 'challenge-closed',
    });
    const read = async () => (await api.status(challengeId)).body;
    expect(await until(read, ({ delivery }) => delivery === 'sent')).toMatchObject({ status: 'verified' });
  });

  test('has assertions that differ in their jti and name a key that is published', async () => {
    const person = await enrol(stack);
    const ids = new Set<unknown>();
    for (const count of [1, 2]) {
      const { body } = await api.start(person.userId, { method: 'SMS' });
      const verified = await api.verify(body.challengeId, await codeSentTo(stack, person.phone, count));
      const { assertion } = verified.body;
      ids.add((await readAssertion(assertion, 'credential-provider')).jti);
      const { body: published } = await stack.request('GET', '/.well-known/jwks.json');
      const names = published.keys.map(({ kid }: { kid: string }) => kid);
      expect(names).toContain(decodeProtectedHeader(assertion).kid);
      for (const key of published.keys) expect(Object.keys(key)).not.toContain('d');
    }
    expect(ids.size).toBe(2);
  });

  test('has an assertion that is of no use to the other client', async () => {
    const person = await enrol(stack);
    const { body } = await api.start(person.userId, { method: 'SMS' });
    const verified = await api.verify(body.challengeId, await codeSentTo(stack, person.phone));
    await expect(readAssertion(verified.body.assertion, 'web-login')).rejects.toMatchObject({
      code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
    });
  });
});

describe('a challenge', () => {
  test('tells in its email which device asked, and in no other message', async () => {
    const person = await enrol(stack);
    const device = 'Front desk 7';
    const { body } = await api.start(person.userId, { method: 'Email', device });
    expect((await stack.received(person.email)).body).toContain(device);
    await stack.advance(31);
    await api.resend(body.challengeId);
    expect((await stack.received(person.email, 2)).body).toContain(device);
    await stack.advance(61);
    await api.resend(body.challengeId, { method: 'SMS' });
    expect((await stack.received(person.phone)).body).not.toContain(device);
  });

  test('tells its owner how its delivery and itself stand', async () => {
    const person = await enrol(stack);
    const { body } = await api.start(person.userId, { method: 'Email' });
    const read = async () => (await api.status(body.challengeId)).body;
    await stack.received(person.email);
    expect(await read()).toMatchObject({ delivery: 'queued' });
    await stack.advance(3);
    await until(read, ({ delivery }) => delivery === 'sent');
    expect(await read()).toEqual({ ...body, status: 'pending', delivery: 'sent' });
    await stack.advance(301);
    expect(await read()).toMatchObject({ status: 'closed' });
  });

  test('expires with its time, and the right code with it', async () => {
    const person = await enrol(stack);
    const { body } = await api.start(person.userId, { method: 'SMS' });
    const code = await codeSentTo(stack, person.phone);
    await stack.advance(300);
    expect(problemOf(await api.verify(body.challengeId, code))).toMatchObject({ status: 410 });
    expect(problemOf(await api.resend(body.challengeId))).toMatchObject({ status: 410 });
  });

  test('of one client does not exist for another', async () => {
    const person = await enrol(stack);
    const { body } = await api.start(person.userId, { method: 'SMS' });
    const code = await codeSentTo(stack, person.phone);
    const client = 'web-login';
    const { challengeId } = body;
    const foreign = [
      await api.verify(challengeId, code, { client }),
      await api.status(challengeId, { client }),
      await api.resend(challengeId, {}, { client }),
    ];
    const unknown = await api.status('A'.repeat(challengeId.length), { client });
    for (const answer of foreign) expect(answer.text).toBe(unknown.text);
    expect(unknown.status).toBe(410);
    expect((await api.verify(challengeId, code)).status).toBe(200);
  });

  test('is not closed by what another client starts, and is closed by what its own client starts', async () => {
    const person = await enrol(stack);
    const first = await api.start(person.userId, { method: 'SMS' });
    const code = await codeSentTo(stack, person.phone);
    await api.start(person.userId, { method: 'Email' }, { client: 'web-login' });
    expect((await api.status(first.body.challengeId)).body.status).toBe('pending');
    await stack.advance(30);
    const second = await api.start(person.userId, { method: 'Email' });
    expect(second.body.challengeId).not.toBe(first.body.challengeId);
    expect((await api.verify(first.body.challengeId, code)).status).toBe(410);
  });

  test('counts wrong codes down to nothing, and then refuses the right one', async () => {
    const person = await enrol(stack);
    const { body } = await api.start(person.userId, { method: 'SMS' });
    const code = await codeSentTo(stack, person.phone);
    for (const attemptsRemaining of [4, 3, 2, 1, 0]) {
      const answer = await api.verify(body.challengeId, wrong(code));
      expect(answer.status).toBe(422);
      expect(answer.body).toMatchObject({ code: 'code-rejected', attemptsRemaining });
    }
    expect(problemOf(await api.verify(body.challengeId, code))).toMatchObject({
      status: 429,
      code: 'attempts-exhausted',
    });
    const { body: used } = await api.verify(body.challengeId, code);
    expect(used).toMatchObject({ reason: 'challenge', detail: 'Start a new challenge.' });
  });
});

describe('a second message', () => {
  test('within the gap is refused by a resend and replaced by the open challenge at a start', async () => {
    const person = await enrol(stack);
    const first = await api.start(person.userId, { method: 'SMS' });
    const refused = await api.resend(first.body.challengeId);
    expect(problemOf(refused)).toMatchObject({ status: 429, code: 'rate-limited' });
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(20);
    expect(wait).toBeLessThanOrEqual(30);
    const again = await api.start(person.userId, { method: 'Email' });
    expect(again).toMatchObject({ status: 201, text: first.text });
    await codeSentTo(stack, person.phone);
    expect(await messagesTo(stack, person.email)).toBe(0);
    expect(await messagesTo(stack, person.phone)).toBe(1);
  });

  test('after the gap carries a new code, by another method if asked, and the old code is dead', async () => {
    const person = await enrol(stack);
    const first = await api.start(person.userId, { method: 'SMS' });
    const { challengeId, expiresAt } = first.body;
    const old = await codeSentTo(stack, person.phone);
    await api.verify(challengeId, wrong(old));
    await stack.advance(30);
    const resent = await api.resend(challengeId, { method: 'Email' });
    expect(resent.status).toBe(200);
    expect(resent.body).toMatchObject({ challengeId, method: 'Email', expiresAt, attemptsRemaining: 4 });
    const fresh = await codeSentTo(stack, person.email);
    expect((await api.verify(challengeId, old)).status).toBe(422);
    expect((await api.verify(challengeId, fresh)).body).toMatchObject({ method: 'Email' });
  });

  test('may follow at once when the one before was used', async () => {
    const person = await enrol(stack);
    const { body } = await api.start(person.userId, { method: 'SMS' });
    await api.verify(body.challengeId, await codeSentTo(stack, person.phone));
    const next = await api.start(person.userId, { method: 'SMS' });
    expect(next.body.challengeId).not.toBe(body.challengeId);
    expect(await codeSentTo(stack, person.phone, 2)).toMatch(/^\d{6}$/);
  });
});

describe('the same request under one Idempotency-Key', () => {
  const key = 'one-and-the-same';

  test('starts one challenge, sends one message and answers byte for byte alike', async () => {
    const person = await enrol(stack);
    const body = { method: 'SMS', locale: 'de', device: 'PC-17' };
    const first = await api.start(person.userId, body, { key });
    await codeSentTo(stack, person.phone);
    await stack.advance(60);
    expect(await api.start(person.userId, body, { key })).toMatchObject({ status: 201, text: first.text });
    expect(await messagesTo(stack, person.phone)).toBe(1);
    expect(problemOf(await api.start(person.userId, { method: 'Email' }, { key }))).toMatchObject({
      status: 409,
      code: 'conflict',
    });
    expect(await messagesTo(stack, person.email)).toBe(0);
  });

  test('belongs to its client and, for a start, to its user', async () => {
    const one = await enrol(stack);
    const other = await enrol(stack);
    const first = await api.start(one.userId, {}, { key });
    const second = await api.start(other.userId, {}, { key });
    const third = await api.start(one.userId, {}, { key, client: 'web-login' });
    expect([first, second, third].map(({ status }) => status)).toEqual([201, 201, 201]);
    const ids = [first, second, third].map(({ body }) => body.challengeId);
    expect(new Set(ids).size).toBe(3);
  });

  test('resends once', async () => {
    const person = await enrol(stack);
    const { body } = await api.start(person.userId, { method: 'SMS' });
    await codeSentTo(stack, person.phone); // a resend puts an end to a message that has not left
    await stack.advance(30);
    const first = await api.resend(body.challengeId, {}, { key });
    expect(await api.resend(body.challengeId, {}, { key })).toMatchObject({ status: 200, text: first.text });
    expect(problemOf(await api.resend(body.challengeId, { method: 'Email' }, { key }))).toMatchObject({
      status: 409,
    });
    await codeSentTo(stack, person.phone, 2);
    expect(await messagesTo(stack, person.phone)).toBe(2);
  });

  test('verifies once and repeats the same assertion, also after the challenge is over', async () => {
    const person = await enrol(stack);
    const { body } = await api.start(person.userId, { method: 'SMS' });
    const code = await codeSentTo(stack, person.phone);
    const first = await api.verify(body.challengeId, code, { key });
    expect(first.status).toBe(200);
    await stack.advance(301);
    expect(await api.verify(body.challengeId, code, { key })).toMatchObject({
      status: 200,
      text: first.text,
    });
    expect(problemOf(await api.verify(body.challengeId, wrong(code), { key }))).toMatchObject({
      status: 409,
      code: 'conflict',
    });
    expect((await api.verify(body.challengeId, code)).status).toBe(410);
  });

  test('spends one attempt for a wrong code, however often it is sent', async () => {
    const person = await enrol(stack);
    const { body } = await api.start(person.userId, { method: 'SMS' });
    const code = await codeSentTo(stack, person.phone);
    const first = await api.verify(body.challengeId, wrong(code), { key });
    const again = await Promise.all([1, 2, 3].map(() => api.verify(body.challengeId, wrong(code), { key })));
    for (const answer of again) expect(answer).toMatchObject({ status: 422, text: first.text });
    expect((await api.status(body.challengeId)).body.attemptsRemaining).toBe(4);
  });
});
