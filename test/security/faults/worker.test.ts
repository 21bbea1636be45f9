/** Dependencies that fail under the delivery worker and the voice: late is possible, twice or too late is not. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { caller, codeIn, enrol, messagesTo, until } from '../../e2e/people.ts';
import { borrowStack, type Json, type Stack } from '../../stack.ts';
import { isWhole } from '../../support/size.ts';
import { down } from './cells.ts';

let stack: Stack;
let api: ReturnType<typeof caller>;
beforeAll(async () => {
  stack = await borrowStack();
  api = caller(stack);
});
afterAll(() => stack.stop());
afterEach(() => stack.clearFaults());

/** When a message is offered again after a worker's first fault; the longest that it waits after a later one. */
const offeredAgain = 50;
const hidden = 264;
/** The requests to the table that a start makes before its message is queued, and how many of them are updates. */
const ofStart = 4;
const updatesOfStart = 2;

/** Requests to the table for a delivery, and how many updates come before the one that notes its end. */
const channels = [
  ['SMS', 'phone', 'sns', 7, 5],
  ['Email', 'email', 'ses', 4, 3],
  ['Call', 'phone', 'connect', 9, 6], // with the voice's own read, and the count of open calls
] as const;

async function sent(challengeId: string): Promise<Json> {
  await stack.quiet();
  await stack.advance(3); // a delivery is disclosed after as long
  return (await api.status(challengeId)).body;
}

describe.each(channels)('a delivery by %s', (method, address, _carrier, requests, updates) => {
  const places = Array.from({ length: requests }, (_, after) => after);
  // The small size has each request of an SMS, and of the others those on either side of the carrier.
  const tried = places.filter((after) => isWhole || method === 'SMS' || after >= requests - 2);
  test.each(['error', 'lost-reply'] as const)(
    'goes through, once, with one %s at any of its requests to the table',
    async (fault) => {
      for (const after of tried) {
        const person = await enrol(stack);
        await stack.quiet();
        await stack.fault('dynamodb', fault, 1, { after: ofStart + after });
        const { body } = await api.start(person.userId, { method });
        await stack.received(person[address]);
        await stack.fault('dynamodb', fault, 0);
        expect(await sent(body.challengeId)).toMatchObject({ delivery: 'sent' });
        expect([after, await messagesTo(stack, person[address])]).toEqual([after, 1]);
        const code = codeIn((await stack.outbox(person[address]))[0]?.body ?? '');
        expect((await api.verify(body.challengeId, code)).status).toBe(200);
      }
    },
  );

  test('comes when its queue offers it again, after the table was down', async () => {
    const person = await enrol(stack);
    await stack.quiet();
    await stack.fault('dynamodb', 'error', down, { after: ofStart });
    const { body } = await api.start(person.userId, { method });
    await stack.quiet();
    await stack.clearFaults();
    expect(await messagesTo(stack, person[address])).toBe(0);
    await stack.advance(offeredAgain);
    const code = codeIn((await stack.received(person[address])).body);
    expect((await api.verify(body.challengeId, code)).status).toBe(200);
  });

  test('that was sent is not sent again because recording it failed', async () => {
    const person = await enrol(stack);
    await stack.quiet();
    await stack.fault('dynamodb', 'error', down, {
      operation: 'UpdateItem',
      after: updatesOfStart + updates,
    });
    const { body } = await api.start(person.userId, { method });
    const code = codeIn((await stack.received(person[address])).body);
    await stack.quiet();
    await stack.clearFaults();
    for (const seconds of [offeredAgain, hidden - offeredAgain]) {
      await stack.advance(seconds);
      await stack.quiet();
    }
    expect(await messagesTo(stack, person[address])).toBe(1);
    expect((await api.verify(body.challengeId, code)).status).toBe(200);
  });
});

const carriersTried = channels.filter(([method]) => isWhole || method === 'SMS');
describe.each(carriersTried)('a code by %s', (method, _, carrier) => {
  test('is tried five times in all by the carrier, however often the start is repeated', async () => {
    const person = await enrol(stack, method === 'Email' ? { phone: undefined } : { email: undefined });
    await stack.quiet();
    await stack.forgetRequests();
    await stack.fault(carrier, 'throttle', down);
    const { body } = await api.start(person.userId, { method });
    for (let passed = 0; passed < 15; passed += 1) {
      await api.start(person.userId, { method });
      await stack.advance(1);
      await stack.quiet();
    }
    const tries = async () =>
      Object.values((await stack.requests())[carrier] ?? {}).reduce((sum, one) => sum + one, 0);
    // A wait begins when the try before it has ended, which takes its time on a busy machine; and the worker holds each
    // call for a second of real time, in which nothing is asked and all looks quiet.
    for (let passed = 0; passed < 200 && (await tries()) < 5; passed += 5) {
      await stack.advance(5);
      await new Promise((resolve) => setTimeout(resolve, 400));
      await stack.quiet();
    }
    expect(await tries()).toBe(5);
    await stack.advance(40); // longer than any wait
    await stack.quiet();
    expect(await tries()).toBe(5);
    expect((await api.status(body.challengeId)).body).toMatchObject({ status: 'pending' });
  });
});

test('a queue that is down when the worker repeats itself loses nothing', async () => {
  const person = await enrol(stack);
  await stack.quiet();
  await stack.fault('sns', 'error', 1);
  await stack.fault('sqs', 'error', down, { after: 1 }); // the start's own
  const { body } = await api.start(person.userId, { method: 'SMS' });
  await stack.quiet();
  await stack.clearFaults();
  await stack.advance(hidden);
  const code = codeIn((await stack.received(person.phone)).body);
  expect((await api.verify(body.challengeId, code)).status).toBe(200);
  expect(await messagesTo(stack, person.phone)).toBe(1);
});

test('a call that cannot read its code says that there is none, and a resend works', async () => {
  const person = await enrol(stack);
  await stack.quiet();
  await stack.fault('dynamodb', 'error', down, { operation: 'GetItem', after: 4 }); // the start's two, the breaker's, the channel's
  const { body } = await api.start(person.userId, { method: 'Call' });
  const { body: spoken } = await stack.received(person.phone);
  await stack.clearFaults();
  expect(spoken).not.toMatch(/\d(?: ?\d){5}/);
  expect((await api.status(body.challengeId)).body).toMatchObject({ attemptsRemaining: 5 });
  await stack.advance(30);
  expect((await api.resend(body.challengeId, { method: 'SMS' })).status).toBe(200);
  const code = codeIn((await stack.received(person.phone, 2)).body);
  expect((await api.verify(body.challengeId, code)).status).toBe(200);
});

describe('a notice', () => {
  const announced = async (order: () => Promise<void>) => {
    const person = await enrol(stack);
    await stack.quiet();
    await order();
    const token = await stack.token('helpdesk');
    const path = `/v1/users/${person.userId}/backup-codes`;
    const body = { kind: 'static', count: 1, operator: 'olga', reason: 'lost the phone' };
    const answer = await stack.request('POST', path, { token, body });
    expect(answer.status).toBe(201);
    await stack.quiet();
    return person;
  };
  const toldOnce = async (person: { phone: string; email: string }) => {
    await until(
      () => told(person),
      (counts) => counts.every((count) => count > 0),
    );
    await stack.quiet();
    expect(await told(person)).toEqual([1, 1]);
  };
  const told = async ({ phone, email }: { phone: string; email: string }) =>
    Promise.all([phone, email].map((to) => messagesTo(stack, to)));

  test.each(['throttle', 'error'] as const)(
    'is sent later, once, after a %s of its carriers',
    async (fault) => {
      const person = await announced(async () => {
        await stack.fault('sns', fault, 1);
        await stack.fault('ses', fault, 1);
      });
      expect(await told(person)).toEqual([0, 0]);
      await stack.advance(2);
      await toldOnce(person);
    },
  );

  test.each([0, 1, 2, 3, 4, 5])(
    'reaches each address once with a lost reply at request %i of the table',
    async (after) => {
      const person = await announced(() => stack.fault('dynamodb', 'lost-reply', 1, { after: 4 + after }));
      await toldOnce(person);
    },
  );
});

test('Secrets Manager may fail as it likes: nothing asks it', async () => {
  const person = await enrol(stack);
  await stack.fault('secretsmanager', 'error', down);
  const { body } = await api.start(person.userId, { method: 'SMS' });
  const code = codeIn((await stack.received(person.phone)).body);
  expect((await api.verify(body.challengeId, code)).status).toBe(200);
  expect(await stack.requests()).not.toHaveProperty('secretsmanager');
});

test('what was offered five times in vain is offered no more', async () => {
  const person = await enrol(stack);
  await stack.advance(3_600); // nothing that others left is queued any more
  await stack.quiet();
  await stack.fault('dynamodb', 'error', down, { after: ofStart });
  await api.start(person.userId, { method: 'SMS' });
  for (let offered = 1; offered <= 5; offered += 1) {
    await until(stack.requests, (seen) => seen['dynamodb'] !== undefined);
    await stack.quiet();
    await stack.forgetRequests();
    if (offered < 5) await stack.advance(hidden);
  }
  await stack.clearFaults();
  await stack.advance(hidden);
  await stack.quiet();
  expect(await stack.requests()).toEqual({});
  expect(await messagesTo(stack, person.phone)).toBe(0);
});
