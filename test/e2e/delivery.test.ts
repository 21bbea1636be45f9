/** Delivery when the services behind it fail: what is sent, what never is, and what the caller may do. */
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { borrowStack, type Stack, type StackAnswer } from '../stack.ts';
import { holds } from '../support/planted.ts';
import { caller, codeIn, codeSentTo, enrol, messagesTo, problemOf, put, until, wrong } from './people.ts';

let stack: Stack;
let api: ReturnType<typeof caller>;
beforeAll(async () => {
  stack = await borrowStack();
  api = caller(stack);
});
afterAll(() => stack.stop());
afterEach(() => stack.clearFaults());

/** More than every client tries, so that a service is down until the faults are cleared. */
const down = 50;

const statusOf = async (challengeId: string) => (await api.status(challengeId)).body;
/** What became of a message, once that may be told. */
async function delivered(challengeId: string) {
  await stack.advance(3);
  return until(
    () => statusOf(challengeId),
    ({ delivery }) => delivery !== 'queued',
  );
}
const requestsTo = async (service: string): Promise<number> =>
  Object.values((await stack.requests())[service] ?? {}).reduce((sum, count) => sum + count, 0);
const reached = (service: string, requests: number) =>
  until(
    () => requestsTo(service),
    (count) => count >= requests,
  );

/** Moves the clock in steps, as long as it takes for waiting messages to be offered again. */
async function letPass(seconds: number, done: () => Promise<boolean>): Promise<void> {
  for (let passed = 0; passed < seconds && !(await done()); passed += 5) {
    await stack.advance(5);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

function expectUnavailable(answer: StackAnswer): void {
  expect(problemOf(answer)).toMatchObject({ status: 503, code: 'unavailable' });
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
}

describe('provider faults: a code that the carrier did not take at once', () => {
  test.each([
    ['throttled', 'sns', 'SMS', 'phone', 'throttle'],
    ['failed', 'ses', 'Email', 'email', 'error'],
    ['throttled', 'connect', 'Call', 'phone', 'throttle'],
  ] as const)('because it %s (%s) is sent later, and once', async (_, service, method, address, fault) => {
    const person = await enrol(stack);
    await stack.fault(service, fault, 1);
    await stack.forgetRequests();
    const { body } = await api.start(person.userId, { method });
    await reached(service, 1);
    expect(await statusOf(body.challengeId)).toMatchObject({ delivery: 'queued' });
    await letPass(60, async () => (await messagesTo(stack, person[address])) > 0);
    expect(await delivered(body.challengeId)).toMatchObject({ method, delivery: 'sent' });
    expect(await messagesTo(stack, person[address])).toBe(1);
    const code = await codeSentTo(stack, person[address]);
    expect((await api.verify(body.challengeId, code)).status).toBe(200);
  });

  test('reply lost after the provider accepted: it is repeated with the same code', async () => {
    const person = await enrol(stack);
    await stack.fault('sns', 'lost-reply', 1);
    const { body } = await api.start(person.userId, { method: 'SMS' });
    await letPass(60, async () => (await messagesTo(stack, person.phone)) > 1);
    await delivered(body.challengeId);
    const codes = (await stack.outbox(person.phone)).map(({ body: text }) => codeIn(text));
    expect(codes).toHaveLength(2);
    expect(new Set(codes).size).toBe(1);
    expect((await api.verify(body.challengeId, codes[0])).status).toBe(200);
  });

  test('because the answer of the call was lost does not make the phone ring twice', async () => {
    const person = await enrol(stack);
    await stack.fault('connect', 'lost-reply', 1);
    await stack.forgetRequests();
    const { body } = await api.start(person.userId, { method: 'Call' });
    await letPass(60, async () => (await requestsTo('connect')) > 1);
    expect(await delivered(body.challengeId)).toMatchObject({ delivery: 'sent' });
    expect(await messagesTo(stack, person.phone)).toBe(1);
  });

  test('is not sent when its time is over', async () => {
    const person = await enrol(stack);
    await stack.fault('sns', 'error', down);
    await stack.forgetRequests();
    const { body } = await api.start(person.userId, { method: 'SMS' });
    await reached('sns', 1);
    await stack.advance(300);
    await stack.clearFaults();
    await stack.forgetRequests();
    await letPass(120, async () => false);
    expect(await requestsTo('sns')).toBe(0);
    expect(await messagesTo(stack, person.phone)).toBe(0);
    expect(await statusOf(body.challengeId)).toMatchObject({ status: 'closed' });
  });

  test('is not sent when a newer one has replaced it', async () => {
    const person = await enrol(stack);
    await stack.fault('sns', 'throttle', 1);
    await stack.forgetRequests();
    const { body } = await api.start(person.userId, { method: 'SMS' });
    await reached('sns', 1);
    await stack.advance(30);
    await api.resend(body.challengeId, { method: 'Email' });
    const code = await codeSentTo(stack, person.email);
    await letPass(60, async () => false);
    const codes = (await stack.outbox(person.phone)).map(({ body: text }) => codeIn(text));
    expect(codes).not.toContain(code);
    expect(codes.length).toBeLessThanOrEqual(1);
    expect((await api.verify(body.challengeId, code)).status).toBe(200);
  });
});

describe('a destination that the carrier refuses for good', () => {
  test('makes the next method take over by itself, with a code of its own', async () => {
    const person = await enrol(stack);
    await stack.refuse('sns', person.phone);
    const { body } = await api.start(person.userId);
    expect(body).toMatchObject({ method: 'SMS' });
    const status = await delivered(body.challengeId);
    expect(status).toMatchObject({ method: 'Email', delivery: 'sent', status: 'pending' });
    expect(status.destination).toMatch(/@/);
    expect(status.prompt).toContain(status.destination);
    const code = await codeSentTo(stack, person.email);
    expect((await api.verify(body.challengeId, code)).body).toMatchObject({ method: 'Email' });
  });

  test('fails when no method is left, and a resend by another method is still possible', async () => {
    const person = await enrol(stack);
    await stack.refuse('sns', person.phone);
    await stack.refuse('ses', person.email);
    await stack.refuse('connect', person.phone);
    const { body } = await api.start(person.userId);
    const failed = () =>
      until(
        () => statusOf(body.challengeId),
        ({ delivery }) => delivery === 'failed',
      );
    expect(await failed()).toMatchObject({ status: 'pending' });
    await stack.clearFaults();
    await stack.advance(30);
    expect((await api.resend(body.challengeId, { method: 'Email' })).status).toBe(200);
    const code = await codeSentTo(stack, person.email);
    expect((await api.verify(body.challengeId, code)).status).toBe(200);
  });
});

describe('queue unavailable: while the queues are down', () => {
  test.each([
    ['under the same key', 'a-key'],
    ['without a key', undefined],
  ])('a start is unavailable, and sent again %s it sends one message', async (_, key) => {
    const person = await enrol(stack);
    const options = key === undefined ? {} : { key };
    await stack.fault('sqs', 'error', down);
    expectUnavailable(await api.start(person.userId, { method: 'SMS' }, options));
    await stack.clearFaults();
    const again = await api.start(person.userId, { method: 'SMS' }, options);
    expect(again.status).toBe(201);
    expect(await delivered(again.body.challengeId)).toMatchObject({ delivery: 'sent' });
    const code = await codeSentTo(stack, person.phone);
    expect(await messagesTo(stack, person.phone)).toBe(1);
    expect((await api.verify(again.body.challengeId, code)).status).toBe(200);
  });

  test.each([
    ['under the same key', 'a-key'],
    ['without a key', undefined],
  ])('a resend is unavailable, and sent again %s it sends one message', async (_, key) => {
    const person = await enrol(stack);
    const options = key === undefined ? {} : { key };
    const { body } = await api.start(person.userId, { method: 'SMS' });
    await delivered(body.challengeId);
    await stack.advance(30);
    await stack.fault('sqs', 'error', down);
    expectUnavailable(await api.resend(body.challengeId, { method: 'Email' }, options));
    await stack.clearFaults();
    const again = await api.resend(body.challengeId, { method: 'Email' }, options);
    expect(problemOf(again)).toMatchObject({ status: 200 });
    const code = await codeSentTo(stack, person.email);
    expect(await messagesTo(stack, person.email)).toBe(1);
    expect((await api.verify(body.challengeId, code)).status).toBe(200);
  });

  test('an enrolment is unavailable, and sent again it tells every address once', async () => {
    const person = await enrol(stack);
    const changed = { phone: '+12025559996', email: person.email };
    await stack.fault('sqs', 'error', down);
    expectUnavailable(await put(stack, person.userId, changed));
    await stack.clearFaults();
    expect((await put(stack, person.userId, changed)).status).toBe(200);
    for (const to of [person.phone, person.email, changed.phone]) {
      await until(
        () => messagesTo(stack, to),
        (messages) => messages > 0,
      );
      expect(await messagesTo(stack, to)).toBe(1);
    }
  });
});

describe('table unavailable on attempt write: while the table is down', () => {
  test('nothing is accepted and nothing is lost', async () => {
    const person = await enrol(stack);
    const { body } = await api.start(person.userId, { method: 'SMS' });
    const code = await codeSentTo(stack, person.phone);
    await stack.fault('dynamodb', 'error', down);
    expectUnavailable(await api.verify(body.challengeId, wrong(code)));
    expectUnavailable(await api.verify(body.challengeId, code));
    expectUnavailable(await api.status(body.challengeId));
    expectUnavailable(await api.start(person.userId, { method: 'SMS' }, { client: 'web-login' }));
    await stack.clearFaults();
    expect(await statusOf(body.challengeId)).toMatchObject({ status: 'pending', attemptsRemaining: 5 });
    expect((await api.verify(body.challengeId, code)).status).toBe(200);
    const started = await api.start(person.userId, { method: 'SMS' }, { client: 'web-login' });
    expect(started.status).toBe(201);
  });

  test('a write whose answer is lost spends one attempt', async () => {
    const person = await enrol(stack);
    const { body } = await api.start(person.userId, { method: 'SMS' });
    const code = await codeSentTo(stack, person.phone);
    await stack.fault('dynamodb', 'lost-reply', 1);
    const rejected = await api.verify(body.challengeId, wrong(code));
    expect(rejected.body).toMatchObject({ code: 'code-rejected', attemptsRemaining: 4 });
    await stack.fault('dynamodb', 'lost-reply', 1);
    expect((await api.verify(body.challengeId, code)).status).toBe(200);
  });

  test('a start whose write lost its answer makes one challenge and one message', async () => {
    const person = await enrol(stack);
    await stack.fault('dynamodb', 'lost-reply', 3);
    let answer = await api.start(person.userId, { method: 'SMS' });
    if (answer.status === 503) answer = await api.start(person.userId, { method: 'SMS' });
    expect(answer.status).toBe(201);
    await delivered(answer.body.challengeId);
    expect(await messagesTo(stack, person.phone)).toBe(1);
    const code = await codeSentTo(stack, person.phone);
    expect((await api.verify(answer.body.challengeId, code)).status).toBe(200);
  });
});

describe('KMS unavailable: while the signing key is out of reach', () => {
  test('a right code under a key is unavailable, and sent again it is verified', async () => {
    const person = await enrol(stack);
    const { body } = await api.start(person.userId, { method: 'SMS' });
    const code = await codeSentTo(stack, person.phone);
    await stack.fault('kms', 'error', down);
    const refused = await api.verify(body.challengeId, code, { key: 'a-key' });
    expectUnavailable(refused);
    await stack.clearFaults();
    const verified = await api.verify(body.challengeId, code, { key: 'a-key' });
    expect(verified.body).toMatchObject({ verified: true });
    expect((await api.verify(body.challengeId, code)).status).toBe(410);
  });

  test('a wrong code is still told to be wrong', async () => {
    const person = await enrol(stack);
    const { body } = await api.start(person.userId, { method: 'SMS' });
    const code = await codeSentTo(stack, person.phone);
    await stack.fault('kms', 'error', down);
    expect((await api.verify(body.challengeId, wrong(code))).status).toBe(422);
  });
});

test('nothing of all this is in what the process printed: no code, no number, no address', async () => {
  const messages = await stack.outbox();
  const output = readFileSync(stack.output, 'utf8');
  expect(output).toContain('"outcome":"failed-over"');
  const codes = messages.filter(({ body }) => /\d(?: ?\d){5}/.test(body)).map(({ body }) => codeIn(body));
  expect(codes.length).toBeGreaterThan(20);
  const planted = new Set([...codes, ...messages.map(({ to }) => to)]);
  expect([...planted].filter((secret) => holds(output, secret)).length).toBe(0);
});

test('a name that does not exist sees its code become sent, and nothing is', async () => {
  const before = (await stack.outbox()).length;
  await stack.forgetRequests();
  const { body } = await api.start('nobody-here', { method: 'SMS' });
  expect(await delivered(body.challengeId)).toMatchObject({ delivery: 'sent', status: 'pending' });
  const requests = await stack.requests();
  expect([requests['sns'], requests['ses'], requests['connect']]).toEqual([undefined, undefined, undefined]);
  expect((await stack.outbox()).length).toBe(before);
});
