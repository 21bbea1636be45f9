/** What each operation costs in requests to AWS services, counted at the wire where they arrive. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { borrowStack, type Stack, type StackAnswer } from '../stack.ts';
import { databaseRequests, together, totalOf } from '../support/database-requests.ts';
import { caller, codeSentTo, enrol, until, wrong } from './people.ts';

let stack: Stack;
let api: ReturnType<typeof caller>;
beforeAll(async () => {
  stack = await borrowStack();
  api = caller(stack);
  await settled(); // what the functions ask for once, at their cold start, is over
});
afterAll(() => stack.stop());
afterEach(() => stack.clearFaults());

const settled = () => stack.quiet();

/** Moves the clock, but not under a delivery: its message would become visible to a second worker. */
async function letPass(seconds: number): Promise<void> {
  await settled();
  await stack.advance(seconds);
}

/** Requests by service and operation of something that queues no message. */
async function costOf(status: number, operation: () => Promise<StackAnswer>) {
  await settled();
  await stack.forgetRequests();
  const answer = await operation();
  expect(answer.status).toBe(status);
  return stack.requests();
}

/**
 * The same of something that queues a message, or starts a workflow. The service is made to keep its caller
 * waiting, and the count is taken then: whoever works on it, and asks the same table, cannot have begun.
 */
async function costUntilQueued(
  status: number,
  operation: () => Promise<StackAnswer>,
  service: 'sqs' | 'states' = 'sqs',
) {
  await settled();
  await stack.forgetRequests();
  await stack.fault(service, 'timeout', 1);
  const answer = operation();
  const requests = await until(stack.requests, (seen) => seen[service] !== undefined);
  await stack.fault(service, 'timeout', 0);
  expect((await answer).status).toBe(status);
  return requests;
}

/** Somebody with an open challenge, and the code that was sent. */
async function challenged() {
  const person = await enrol(stack);
  const { body } = await api.start(person.userId, { method: 'SMS' });
  const code = await codeSentTo(stack, person.phone);
  return { ...person, challengeId: body.challengeId as string, code };
}

/** As the page has it: the first case of its row, or the one at this place. */
const requestsOf = (operation: keyof typeof databaseRequests, place = 0) =>
  together(databaseRequests[operation].at(place) ?? {});
const costs = (operation: keyof typeof databaseRequests, place = 0) => ({
  dynamodb: requestsOf(operation, place),
});
const oneMessage = { sqs: { SendMessage: 1 } };

describe('starting a challenge', () => {
  test('reads the name and the user once and writes the counter and the user once each', async () => {
    const { userId } = await enrol(stack);
    const start = () => api.start(userId, { method: 'SMS' }, { key: 'a-key' });
    const cost = await costUntilQueued(201, start);
    expect(cost).toEqual({ ...costs('start a challenge'), ...oneMessage });
  });

  test('costs as many for a name that does not exist', async () => {
    const cost = await costUntilQueued(201, () => api.start('never-heard-of', { method: 'SMS' }));
    expect(cost).toEqual({ dynamodb: { GetItem: 2, UpdateItem: 1, PutItem: 1 }, ...oneMessage });
    expect(totalOf(cost['dynamodb'] ?? {})).toBe(totalOf(requestsOf('start a challenge')));
  });

  const again = 'start again during the resend cooldown or under its key';
  test('within the gap is two reads', async () => {
    const { userId } = await challenged();
    expect(await costOf(201, () => api.start(userId, { method: 'SMS' }))).toEqual(costs(again));
  });

  test('again under its key is two reads', async () => {
    const person = await enrol(stack);
    const start = () => api.start(person.userId, { method: 'SMS' }, { key: 'a-key' });
    await start();
    await codeSentTo(stack, person.phone);
    expect(await costOf(201, start)).toEqual(costs(again));
  });

  test('costs no more where others filled the number, and two reads where the name itself did', async () => {
    const person = await enrol(stack);
    for (let sends = 1; sends <= 5; sends += 1) {
      await letPass(120);
      expect((await api.start(person.userId, { method: 'SMS' })).status).toBe(201);
      await codeSentTo(stack, person.phone, sends);
    }
    const more = () => api.start(person.userId, { method: 'SMS' }, { client: 'web-login' });
    expect(await costOf(429, more)).toEqual(costs('start, all messages of the name used up'));
    const other = await enrol(stack, { phone: person.phone });
    const cost = await costUntilQueued(201, () => api.start(other.userId, { method: 'SMS' }));
    const filled = requestsOf('start, the destination filled by others');
    expect(cost).toEqual({ dynamodb: filled, ...oneMessage });
    await settled();
    const turned = requestsOf('an SMS that others left no room for, until it is turned to email');
    const { dynamodb } = await stack.requests();
    expect(dynamodb).toEqual(together(filled, turned, requestsOf('deliver an email / to a number / a call')));
  });
});

describe('sending a new code', () => {
  test('reads the user once and writes the counter and the user once each', async () => {
    const { challengeId } = await challenged();
    await letPass(30);
    const cost = await costUntilQueued(200, () => api.resend(challengeId));
    expect(cost).toEqual({ ...costs('resend / during the cooldown'), ...oneMessage });
  });

  test('is one read where the gap refuses it', async () => {
    const { challengeId } = await challenged();
    const cost = await costOf(429, () => api.resend(challengeId));
    expect(cost).toEqual(costs('resend / during the cooldown', 1));
  });
});

describe('verifying', () => {
  const oneWrite = costs('verify a code, right or wrong');

  test('the right code is one write and one signature', async () => {
    const { challengeId, code } = await challenged();
    const cost = await costOf(200, () => api.verify(challengeId, code));
    expect(cost).toEqual({ ...oneWrite, kms: { Sign: 1 } });
  });

  test('a wrong code is one write, of a decoy as well', async () => {
    const { challengeId, code } = await challenged();
    expect(await costOf(422, () => api.verify(challengeId, wrong(code)))).toEqual(oneWrite);
    const { body } = await api.start('never-heard-of-either', { method: 'SMS' });
    expect(await costOf(422, () => api.verify(body.challengeId, '000000'))).toEqual(oneWrite);
  });

  test('a used code again is one write', async () => {
    const { challengeId, code } = await challenged();
    await api.verify(challengeId, code);
    expect(await costOf(410, () => api.verify(challengeId, code))).toEqual(oneWrite);
  });

  test('what is refused is the write that refuses and the read that says why', async () => {
    const refused = costs('verify, refused (expired, exhausted, throttled, superseded)');
    const expired = await challenged();
    await letPass(300);
    expect(await costOf(410, () => api.verify(expired.challengeId, expired.code))).toEqual(refused);
    const exhausted = await challenged();
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      await api.verify(exhausted.challengeId, wrong(exhausted.code));
    }
    expect(await costOf(429, () => api.verify(exhausted.challengeId, exhausted.code))).toEqual(refused);
  });

  test('an id that no challenge can have is nothing', async () => {
    const { dynamodb = {} } = await costOf(410, () => api.verify('no-id-of-ours', '000000'));
    expect(dynamodb).toEqual(requestsOf('verify with an id that cannot be one'));
  });
});

test('reading the status is one read', async () => {
  const { challengeId } = await challenged();
  expect(await costOf(200, () => api.status(challengeId))).toEqual(costs('read the status'));
});

const deliver = 'deliver an email / to a number / a call';
const started = requestsOf('start a challenge');

test('a delivery to a number is two reads and eight writes, one of them for what SNS says later, and a message that asks', async () => {
  const person = await enrol(stack);
  await letPass(130); // so that earlier tests' messages ask before
  await settled();
  await stack.forgetRequests();
  await api.start(person.userId, { method: 'SMS' });
  await settled();
  expect(await stack.requests()).toEqual({
    dynamodb: together(
      started,
      requestsOf(deliver, 1),
      requestsOf('an SMS whose fate SNS tells / what it tells: arrived / lost'),
    ),
    sqs: { SendMessage: 1 + 1 },
    sns: { Publish: 1 },
  });
  await stack.forgetRequests();
  await stack.advance(120);
  await until(stack.requests, ({ dynamodb }) => dynamodb !== undefined);
  await settled();
  // The record is read, what is news of the number is noted, and the country counts it.
  expect(await stack.requests()).toEqual(costs('outcome of a message to a number'));
});

test('a call is two reads and eight writes, and a read when it asks what to say', async () => {
  const person = await enrol(stack);
  await settled();
  await stack.forgetRequests();
  await api.start(person.userId, { method: 'Call' });
  await settled();
  const { dynamodb, connect } = await stack.requests();
  expect(connect).toEqual({ StartOutboundVoiceContact: 1 });
  expect(dynamodb).toEqual(
    together(started, requestsOf(deliver, 2), requestsOf('words that a call asks for')),
  );
});

test('a delivery by email is a read and five writes', async () => {
  const person = await enrol(stack);
  await settled();
  await stack.forgetRequests();
  await api.start(person.userId, { method: 'Email' });
  await settled();
  expect(await stack.requests()).toEqual({
    dynamodb: together(started, requestsOf(deliver)),
    ...oneMessage,
    ses: { SendEmail: 1 },
  });
});

describe('security questions', () => {
  const answers = {
    'first-teacher': 'Wollstonecraft',
    'childhood-street': 'Heron Gate',
    'first-film': 'The Lighthouse Cat',
  };
  const securityQuestions = Object.entries(answers).map(([questionId, answer]) => ({ questionId, answer }));

  test('are put with three reads and a write, and judged with a read and a write, right answers with two', async () => {
    const { userId } = await enrol(stack, { securityQuestions });
    let challengeId = '';
    const asked = await costOf(201, async () => {
      const answer = await api.call('POST', '/v1/kba-challenges', { userId });
      challengeId = answer.body.challengeId;
      return answer;
    });
    expect(asked).toEqual(costs('ask security questions'));
    const check = (given: object) =>
      api.call('POST', `/v1/kba-challenges/${challengeId}/check`, { answers: given });
    const wrongOnes = securityQuestions.map(({ questionId }) => ({ questionId, answer: 'none of these' }));
    expect(await costOf(422, () => check(wrongOnes))).toEqual(costs('check answers, wrong / right'));
    const { dynamodb } = await costUntilQueued(200, () => check(securityQuestions));
    expect(dynamodb).toEqual(requestsOf('check answers, wrong / right', 1));
  });
});

describe('a backup code', () => {
  const codesOf = (method: string, userId: string, body?: object) =>
    api.call(method, `/v1/users/${userId}/backup-codes`, body, { client: 'helpdesk' });

  test('is made with five reads and four writes, and counted with three reads', async () => {
    const { userId } = await enrol(stack);
    const why = { operator: 'olga', reason: 'handset left at a fair', ticket: 'CASE-30011' };
    const generate = () => codesOf('POST', userId, { kind: 'static', ...why });
    const { dynamodb } = await costUntilQueued(201, generate);
    expect(dynamodb).toEqual(requestsOf('make backup codes'));
    const counted = await costOf(200, () => codesOf('GET', userId));
    expect(counted).toEqual(costs('count backup codes'));
  });

  test.each([
    ['email', { phone: undefined }, 0],
    ['number', { email: undefined }, 1],
  ])('is told to an %s for as many requests as a notice takes', async (_, without, place) => {
    const { userId } = await enrol(stack, without);
    await settled();
    await stack.forgetRequests();
    const generated = { kind: 'static', operator: 'olga', reason: 'left on a ferry' };
    expect((await codesOf('POST', userId, generated)).status).toBe(201);
    await settled();
    const told = requestsOf('deliver a notice by email / to a number', place);
    const { dynamodb } = await stack.requests();
    expect(dynamodb).toEqual(together(requestsOf('make backup codes'), told));
  });

  test('is refused with two reads and a write, and used with one write more', async () => {
    const { userId } = await enrol(stack);
    const generated = await codesOf('POST', userId, {
      kind: 'static',
      operator: 'olga',
      reason: 'lost the phone',
    });
    const use = (code: string) => api.call('POST', '/v1/backup-codes/verify', { userId, code });
    const refused = await costOf(422, () => use('0000-0000-0000-0000'));
    expect(refused).toEqual(costs('redeem a backup code, wrong / right'));
    const { dynamodb } = await costUntilQueued(200, () => use(generated.body.codes[0]));
    expect(dynamodb).toEqual(requestsOf('redeem a backup code, wrong / right', 1));
  });
});

test('a recovery is started with three reads and three writes, and under a key with four reads more; of anybody', async () => {
  const start = (userId: string, key?: string) =>
    api.call('POST', '/v1/recoveries', { userId, path: 'backup-code' }, key === undefined ? {} : { key });
  const [atOnce, underKey] = databaseRequests['start a recovery / under a key'];
  for (const userId of [(await enrol(stack)).userId, 'never-heard-of-at-all']) {
    const cost = await costUntilQueued(201, () => start(userId), 'states');
    expect(cost['dynamodb']).toEqual(atOnce);
    const keyed = await costUntilQueued(201, () => start(userId, 'a-key'), 'states');
    expect(keyed['dynamodb']).toEqual({ ...underKey, PutItem: atOnce.PutItem }); // its answer is kept at the end
  }
  // A step of the workflow is a write of the recovery; the answer that is kept under a key is one more.
  const { userId } = await enrol(stack);
  expect((await costOf(201, () => start(userId)))['dynamodb']).toMatchObject({
    UpdateItem: 2,
    PutItem: 1 + atOnce.PutItem,
  });
  const keyed = await costOf(201, () => start(userId, 'another-key'));
  expect(keyed['dynamodb']).toMatchObject({ UpdateItem: 2, PutItem: 1 + underKey.PutItem });
});
