/** The client library against a started stack: each of its calls, faults below it, a recovery, and an assertion's check. */
import { createRemoteJWKSet } from 'jose';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  AssertionRefused,
  assertionCheck,
  type Client,
  createClient,
  orThrow,
  type Recovery,
  type StepAnswer,
} from '../../shared/client/index.ts';
import { borrowStack, type Stack } from '../stack.ts';
import { dateAhead } from '../support/date-ahead.ts';
import { ownName } from '../support/own-name.ts';
import { clientOf, codeSentTo, enrol, messagesTo, wrong } from './people.ts';
import { answersTo, enrolRecovering, type Recovering, rightAnswers, wrongAnswers } from './recovering.ts';

let stack: Stack;
let web: Client;
let helpDesk: Client;
beforeAll(async () => {
  stack = await borrowStack();
  vi.stubGlobal('Date', dateAhead((await stack.now()) - Date.now())); // assertions have their time
  web = clientOf(stack, 'web-login');
  helpDesk = clientOf(stack, 'helpdesk');
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await stack.stop();
});

/** A client whose tries can be counted. */
function watched() {
  const statuses: number[] = [];
  const keys = new Set<string | null>();
  const noting: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init);
    if (String(input).includes('/oauth2/')) return answer;
    statuses.push(answer.status);
    keys.add(new Headers(init?.headers).get('idempotency-key'));
    return answer;
  };
  return { client: clientOf(stack, 'web-login', { fetch: noting }), statuses, keys };
}

/** What a person types at a step. */
async function answerTo(
  { step }: Recovery,
  person: Recovering,
  given: Readonly<Record<string, string>> = rightAnswers,
): Promise<StepAnswer> {
  if (step?.type === 'choose') return { path: 'kba+otp-alternate-email' };
  if (step?.type === 'otp') return { code: await codeSentTo(stack, person.alternateEmail) };
  return { answers: step?.type === 'kba' ? answersTo(step.challenge, given) : [] };
}

async function signedIn(userId: string, address: string): Promise<string> {
  const { challengeId } = orThrow(await web.startChallenge({ userId, method: 'Email' }));
  const verified = orThrow(await web.verifyCode(challengeId, await codeSentTo(stack, address)));
  return verified.assertion ?? '';
}

test('a sign-in without a method: start, look, mistype, be wrong, be right, once', async () => {
  const { userId, phone } = await enrol(stack);
  const challenge = orThrow(await web.startChallenge({ userId }));
  expect(challenge).toMatchObject({ method: 'SMS', methods: ['SMS', 'Email', 'Call'] });
  const { challengeId } = challenge;
  const code = await codeSentTo(stack, phone);
  expect(orThrow(await web.readChallenge(challengeId)).status).toBe('pending');
  expect(await web.verifyCode(challengeId, 'wrong')).toMatchObject({
    problem: { code: 'invalid-request', errors: [{ pointer: '/code' }] },
  });
  expect(await web.verifyCode(challengeId, wrong(code))).toMatchObject({
    problem: { code: 'code-rejected', attemptsRemaining: 4 },
  });
  const resent = await web.resend(challengeId, { method: 'Email' });
  expect(resent).toMatchObject({ problem: { code: 'rate-limited', retryAfterSeconds: expect.any(Number) } });
  const { assertion = '' } = orThrow(await web.verifyCode(challengeId, code));
  expect(await web.checkAssertion(assertion, { userId })).toMatchObject({ sub: userId, aud: 'web-login' });
  expect(await web.verifyCode(challengeId, code)).toMatchObject({ problem: { code: 'challenge-closed' } });
});

test('a backup code that the help desk made signs in', async () => {
  const { userId } = await enrol(stack);
  const made = { path: { userId }, body: { kind: 'one-time', operator: 'bob', reason: 'lost' } } as const;
  const { codes = [] } = orThrow(await helpDesk.request('generateBackupCodes', made));
  expect(orThrow(await web.useBackupCode(userId, codes[0] ?? ''))).toMatchObject({ method: 'backup-code' });
  expect(await web.useBackupCode(userId, codes[0] ?? '')).toMatchObject({
    problem: { code: 'code-rejected' },
  });
});

test('security questions sign in', async () => {
  const person = await enrolRecovering(stack);
  const asked = orThrow(await web.askQuestions({ userId: person.userId }));
  expect(orThrow(await web.checkAnswers(asked.challengeId, answersTo(asked)))).toMatchObject({
    verified: true,
    amr: ['kba'],
  });
});

test('names with any character are read, listed and removed by the administrator', async () => {
  const admin = clientOf(stack, 'admin');
  const userId = ownName('CORP\\müller');
  const body = { email: 'mueller@example.com' };
  expect(orThrow(await admin.request('enrolUser', { path: { userId }, body }))).toMatchObject({ userId });
  expect(orThrow(await helpDesk.request('readUser', { path: { userId } }))).toMatchObject({
    methods: ['Email'],
  });
  expect(orThrow(await admin.request('listUsers', { query: { limit: 1 } })).users).toHaveLength(1);
  expect(await admin.request('removeUser', { path: { userId } })).toEqual({ ok: true, value: undefined });
  expect(await helpDesk.request('readUser', { path: { userId } })).toMatchObject({
    problem: { code: 'not-found' },
  });
});

describe('while the table fails', () => {
  test('a start is repeated under one key, and one message leaves', async () => {
    const { userId, email } = await enrol(stack);
    const { client, statuses, keys } = watched();
    await stack.quiet(); // the faults are meant for nobody's delivery
    await stack.fault('dynamodb', 'error', 3); // all tries of one request
    const started = await client.startChallenge({ userId, method: 'Email' });
    await stack.clearFaults();
    expect(statuses).toEqual([503, 201]);
    expect(keys.size).toBe(1);
    expect(started).toMatchObject({ ok: true, value: { method: 'Email' } });
    await codeSentTo(stack, email);
    expect(await messagesTo(stack, email)).toBe(1);
  });

  test('a right code that was used up before the fault is verified by the repetition', async () => {
    const { userId, email } = await enrol(stack);
    const { challengeId } = orThrow(await web.startChallenge({ userId, method: 'Email' }));
    const code = await codeSentTo(stack, email);
    const { client, statuses } = watched();
    await stack.fault('kms', 'error', 2, { operation: 'Sign' });
    const verified = await client.verifyCode(challengeId, code);
    await stack.clearFaults();
    expect(statuses).toEqual([503, 200]);
    expect(verified).toMatchObject({ ok: true, value: { verified: true, userId } });
  });

  test('what lasts is said, with when to come again', async () => {
    const { userId } = await enrol(stack);
    await stack.fault('dynamodb', 'error', 10_000);
    const started = await web.startChallenge({ userId });
    await stack.clearFaults();
    expect(started).toMatchObject({ problem: { code: 'unavailable', retryAfterSeconds: 1 } });
  });
});

describe('a recovery', () => {
  test('is followed from the choice over questions and a code to its assertion', async () => {
    const person = await enrolRecovering(stack);
    const { userId } = person;
    let recovery = orThrow(await web.startRecovery({ userId }));
    const steps: (string | undefined)[] = [];
    while (recovery.status === 'pending') {
      steps.push(recovery.step?.type);
      recovery = orThrow(await web.answerStep(recovery, await answerTo(recovery, person)));
    }
    expect(steps).toEqual(['choose', 'kba', 'otp']);
    const { assertion = '' } = recovery.verification ?? {};
    const refused = await web.checkAssertion(assertion, { userId }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: 'AssertionRefused', fault: 'purpose' });
    const claims = await web.checkAssertion(assertion, { userId, purpose: 'recovery' });
    expect(claims.acr).toBe('urn:mfa-fallback:acr:kba+otp-email');
  });

  test('stays at its step after wrong answers, and fails after the last of them', async () => {
    const person = await enrolRecovering(stack);
    const recovery = orThrow(await web.startRecovery({ userId: person.userId, path: 'kba' }));
    const left: number[] = [];
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const answered = await web.answerStep(recovery, await answerTo(recovery, person, wrongAnswers));
      if (!answered.ok && answered.problem.code === 'code-rejected')
        left.push(answered.problem.attemptsRemaining);
    }
    expect(left).toEqual([2, 1, 0]);
    const read = () => web.readRecovery(recovery.recoveryId).then(orThrow);
    await expect.poll(async () => (await read()).status).toBe('failed');
  });

  test('takes a backup code', async () => {
    const { userId } = await enrolRecovering(stack);
    const made = {
      path: { userId },
      body: { kind: 'one-time', operator: 'bob', reason: 'lost the phone' },
    } as const;
    const [code = ''] = orThrow(await helpDesk.request('generateBackupCodes', made)).codes ?? [];
    const begun = orThrow(await web.startRecovery({ userId, path: 'backup-code' }));
    expect(begun.step).toEqual({ type: 'backup-code' });
    expect(orThrow(await web.answerStep(begun, { code }))).toMatchObject({ status: 'succeeded' });
  });
});

describe('an assertion of the stack', () => {
  let userId: string;
  let assertion: string;
  beforeAll(async () => {
    const person = await enrol(stack);
    userId = person.userId;
    assertion = await signedIn(userId, person.email);
  });
  const rules = () => ({
    issuer: stack.origin,
    audience: 'web-login',
    keys: createRemoteJWKSet(new URL(`${stack.origin}/.well-known/jwks.json`)),
  });
  const faultOf = (checked: Promise<unknown>): Promise<unknown> =>
    checked.then(
      () => 'accepted',
      (error: unknown) => (error instanceof AssertionRefused ? error.fault : error),
    );

  test.each<[string, object]>([
    ['iss', { issuer: 'https://other.example.com' }],
    ['aud', { audience: 'credential-provider' }],
    ['exp', { now: () => new Date(Date.now() + 600_000) }],
    ['nbf or iat', { now: () => new Date(Date.now() - 600_000) }],
  ])('is refused by %s', async (fault, changed) => {
    const check = assertionCheck({ ...rules(), ...changed });
    expect(fault.split(' or ')).toContain(await faultOf(check(assertion, { userId })));
  });

  test('is refused for another name, another purpose, when it was changed, and the second time', async () => {
    const check = assertionCheck(rules());
    const [header, claims, signature = ''] = assertion.split('.');
    const changed = `${header}.${claims}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    expect(await faultOf(check(changed, { userId }))).toBe('signature');
    expect(await faultOf(check(assertion, { userId: 'alice' }))).toBe('preferred_username');
    expect(await faultOf(check(assertion, { userId, purpose: 'recovery' }))).toBe('purpose');
    expect(await faultOf(check(assertion, { userId: ` ${userId} ` }))).toBe('accepted');
    expect(await faultOf(check(assertion, { userId }))).toBe('jti');
  });

  test('is none of the access tokens, which the same origin may have issued', async () => {
    const token = await stack.token('web-login');
    expect(await faultOf(assertionCheck(rules())(token, { userId }))).not.toBe('accepted');
  });
});

test('a client of another scope is told so, and a wrong secret is a fault', async () => {
  expect(await web.request('listUsers', {})).toMatchObject({ problem: { code: 'forbidden' } });
  const tokenUrl = `${stack.origin}/oauth2/token`;
  const stranger = createClient({
    api: stack.origin,
    tokenUrl,
    clientId: 'web-login',
    clientSecret: 'guessed',
  });
  await expect(stranger.startChallenge({ userId: 'alice' })).rejects.toMatchObject({ code: 'token-refused' });
});
