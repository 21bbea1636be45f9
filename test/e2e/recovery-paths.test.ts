/** A person who lost the phone gets back in, on each of the four paths, and nobody else does. */
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Json, type Stack, startStack } from '../stack.ts';
import { caller, codeSentTo, enrol, messagesTo, type Person } from './people.ts';

let stack: Stack;
let call: ReturnType<typeof caller>['call'];
beforeAll(async () => {
  stack = await startStack();
  ({ call } = caller(stack));
});
afterAll(() => stack.stop());

const answers = {
  'first-teacher': 'Wollstonecraft',
  'childhood-street': 'Heron Gate',
  'first-film': 'The Lighthouse Cat',
};
const securityQuestions = Object.entries(answers).map(([questionId, answer]) => ({ questionId, answer }));

interface Recovering extends Person {
  readonly alternateEmail: string;
}

let count = 0;
async function somebody(): Promise<Recovering> {
  count += 1;
  const alternateEmail = `alternate-${count}@alternate.example`;
  const person = await enrol(stack, { alternateEmail, securityQuestions });
  return { ...person, alternateEmail };
}

async function start(userId: string, more: object = {}, key?: string): Promise<Json> {
  const answer = await call('POST', '/v1/recoveries', { userId, ...more }, key ? { key } : {});
  if (answer.status !== 201) throw new Error(`${answer.status} ${answer.body.code}`);
  return answer.body;
}

const read = async (id: string) => (await call('GET', `/v1/recoveries/${id}`, undefined)).body;

/** The recovery as soon as it is past the step that was answered; the contract gives it a second. */
async function after(id: string, step: string): Promise<Json> {
  const deadline = Date.now() + 1_000;
  for (;;) {
    const found = await read(id);
    if (found.status !== 'pending' || (found.step && found.step.type !== step)) return found;
    if (Date.now() > deadline) throw new Error(`still at ${step} after a second`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function check(challenge: Json, given: Readonly<Record<string, string>> = answers, client?: 'web-login') {
  const questions = challenge.questions as { questionId: string }[];
  const body = {
    answers: questions.map(({ questionId }) => ({ questionId, answer: given[questionId] ?? 'wrong' })),
  };
  return call('POST', `/v1/kba-challenges/${challenge.challengeId}/check`, body, client ? { client } : {});
}

const verify = (challengeId: string, code: string) =>
  call('POST', `/v1/otp-challenges/${challengeId}/verify`, { code });

const wrongAnswers = {
  'first-teacher': 'Nobody At All',
  'childhood-street': 'Nowhere',
  'first-film': 'Nothing Shown',
};

describe('a path', () => {
  test('of questions and a code to the alternate email ends in one assertion for the client alone', async () => {
    const person = await somebody();
    const { recoveryId, step } = await start(person.userId);
    expect(step).toEqual({
      type: 'choose',
      paths: ['kba', 'otp-alternate-email', 'kba+otp-alternate-email', 'backup-code'],
    });
    const chosen = await call('POST', `/v1/recoveries/${recoveryId}/path`, {
      path: 'kba+otp-alternate-email',
    });
    const questions = chosen.body.step ?? (await after(recoveryId, 'choose')).step;
    expect(questions.type).toBe('kba');
    const checked = await check(questions.challenge);
    expect(checked.body).toMatchObject({
      verified: true,
      purpose: 'recovery',
      acr: 'urn:mfa-fallback:acr:kba',
    });
    expect(checked.body.assertion).toBeUndefined();
    const asked = await after(recoveryId, 'kba');
    expect(asked.step).toMatchObject({
      type: 'otp',
      challenge: { method: 'Email', destination: 'a•••@alternate.example' },
    });
    expect(await messagesTo(stack, person.email)).toBe(0);
    const verified = await verify(
      asked.step.challenge.challengeId,
      await codeSentTo(stack, person.alternateEmail),
    );
    expect(verified.status).toBe(200);
    expect(verified.body.assertion).toBeUndefined();
    const ended = await after(recoveryId, 'otp');
    expect(ended).toMatchObject({ status: 'succeeded', verification: { method: 'kba+otp-alternate-email' } });
    const keys = createRemoteJWKSet(new URL(`${stack.origin}/.well-known/jwks.json`));
    const { payload } = await jwtVerify(ended.verification.assertion, keys, {
      audience: 'credential-provider',
      typ: 'mfa-fallback+jwt',
    });
    expect(payload).toMatchObject({
      sub: person.userId,
      purpose: 'recovery',
      amr: ['kba', 'otp'],
      acr: 'urn:mfa-fallback:acr:kba+otp-email',
    });
    expect((await read(recoveryId)).verification.assertion).toBe(ended.verification.assertion);
    for (const address of [person.phone, person.email]) await stack.received(address);
  });

  test.each(['kba', 'otp-alternate-email'] as const)('of %s alone', async (path) => {
    const person = await somebody();
    const { recoveryId, step } = await start(person.userId, { path });
    if (path === 'kba') await check(step.challenge);
    else await verify(step.challenge.challengeId, await codeSentTo(stack, person.alternateEmail));
    const ended = await after(recoveryId, step.type);
    expect(ended.status).toBe('succeeded');
    expect(decodeJwt(ended.verification.assertion)).toMatchObject({
      sub: person.userId,
      purpose: 'recovery',
    });
  });

  test('of a backup code from the help desk', async () => {
    const person = await somebody();
    const generated = await call(
      'POST',
      `/v1/users/${person.userId}/backup-codes`,
      { kind: 'one-time' },
      { client: 'helpdesk' },
    );
    const [code] = generated.body.codes;
    const { recoveryId, step } = await start(person.userId, { path: 'backup-code' });
    expect(step).toEqual({ type: 'backup-code' });
    const used = await call('POST', '/v1/backup-codes/verify', {
      recoveryId,
      code: code.toLowerCase().replaceAll('-', ''),
    });
    expect(used.body).toMatchObject({ verified: true, purpose: 'recovery', method: 'backup-code' });
    expect(used.body.assertion).toBeUndefined();
    expect(await after(recoveryId, 'backup-code')).toMatchObject({
      status: 'succeeded',
      verification: { acr: 'urn:mfa-fallback:acr:backup-code' },
    });
  });
});

describe('the history of an execution', () => {
  test('tells every step and holds ids only', async () => {
    const person = await somebody();
    const { recoveryId, step } = await start(person.userId, { path: 'kba+otp-alternate-email' });
    await check(step.challenge);
    const asked = await after(recoveryId, 'kba');
    const code = await codeSentTo(stack, person.alternateEmail);
    await verify(asked.step.challenge.challengeId, code);
    await after(recoveryId, 'otp');
    const { text } = await stack.request('GET', `/local/executions/${recoveryId}`);
    for (const state of ['AskQuestions', 'SendCode', 'Succeed']) expect(text).toContain(state);
    const secrets = [
      code,
      person.userId,
      person.phone,
      person.email,
      person.alternateEmail,
      ...Object.values(answers),
    ];
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  });
});

describe('twenty starts at once under one key', () => {
  test('are one recovery and one message', async () => {
    const person = await somebody();
    const starts = await Promise.all(
      Array.from({ length: 20 }, () => start(person.userId, { path: 'otp-alternate-email' }, 'the-same')),
    );
    expect(new Set(starts.map(({ recoveryId }) => recoveryId)).size).toBe(1);
    await stack.received(person.alternateEmail);
    expect(await messagesTo(stack, person.alternateEmail)).toBe(1);
    const other = await call(
      'POST',
      '/v1/recoveries',
      { userId: person.userId, path: 'kba' },
      { key: 'the-same' },
    );
    expect(other.body.code).toBe('conflict');
  });
});

describe('nobody gets in', () => {
  test('by wrong answers: the recovery fails with the last try', async () => {
    const person = await somebody();
    const { recoveryId, step } = await start(person.userId, { path: 'kba' });
    const tries = [];
    for (let wrong = 1; wrong <= 3; wrong += 1) tries.push(await check(step.challenge, wrongAnswers));
    expect(tries.map(({ body }) => body.attemptsRemaining)).toEqual([2, 1, 0]);
    expect(await after(recoveryId, 'kba')).toMatchObject({ status: 'failed' });
    expect((await check(step.challenge)).status).not.toBe(200);
  });

  test('as another client, which cannot even see it', async () => {
    const person = await somebody();
    const { recoveryId, step } = await start(person.userId, { path: 'kba' });
    const stranger = { client: 'web-login' } as const;
    const seen = await call('GET', `/v1/recoveries/${recoveryId}`, undefined, stranger);
    expect([seen.status, seen.body.code]).toEqual([410, 'challenge-closed']);
    expect((await check(step.challenge, answers, 'web-login')).body.code).toBe('challenge-closed');
    expect((await read(recoveryId)).status).toBe('pending');
  });

  test('by answering the challenge of a sign-in instead', async () => {
    const person = await somebody();
    const { recoveryId } = await start(person.userId, { path: 'kba' });
    const own = await call('POST', '/v1/kba-challenges', { userId: person.userId });
    const checked = await check(own.body);
    expect(checked.body).toMatchObject({ verified: true, purpose: 'sign-in' });
    expect((await read(recoveryId)).status).toBe('pending');
  });

  test('with the name of somebody who does not exist, which looks the same', async () => {
    const known = await start((await somebody()).userId, { path: 'kba' });
    const unknown = await start(`nobody-${process.pid}`, { path: 'kba' });
    const shape = (value: unknown): unknown =>
      value !== null && typeof value === 'object'
        ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shape(inner)]))
        : typeof value;
    expect(shape(unknown)).toEqual(shape(known));
    expect((await check(unknown.step.challenge)).body).toMatchObject({
      code: 'code-rejected',
      attemptsRemaining: 2,
    });
  });

  test('after a quarter of an hour, the right code included', async () => {
    const person = await somebody();
    const { recoveryId, step } = await start(person.userId, { path: 'otp-alternate-email' });
    const code = await codeSentTo(stack, person.alternateEmail);
    await stack.advance(900);
    expect((await read(recoveryId)).status).toBe('timed-out');
    expect((await verify(step.challenge.challengeId, code)).body.code).toBe('challenge-closed');
  });
});
