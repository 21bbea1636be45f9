/** What the state of an account refuses is counted by an alarm: each fault of the local AWS, one after the other. */
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { countedEvents, metricNameOf } from '../../infra/construct/counted-events.ts';
import { accountFaultsOf } from '../../infra/local/aws/account-faults.ts';
import { borrowStack, type Stack } from '../stack.ts';
import { isWhole } from '../support/size.ts';
import { caller, codeSentTo, enrol } from './people.ts';

let stack: Stack;
let api: ReturnType<typeof caller>;
beforeAll(async () => {
  stack = await borrowStack();
  api = caller(stack);
});
afterAll(() => stack.stop());
afterEach(() => stack.clearFaults());

/** More than every client and every repetition tries. */
const down = 500;

/** Metrics of alarms that count one of the lines since `length`. */
function countedSince(length: number): readonly string[] {
  const lines = readFileSync(stack.output, 'utf8').slice(length).split('\n');
  const has = (line: string, field: string, value = '') => line.includes(`"${field}":"${value}"`);
  return countedEvents
    .filter(({ event, where }) =>
      lines.some(
        (line) =>
          has(line, 'event', event) &&
          (where?.is === undefined || has(line, where.field, where.is)) &&
          (where?.isNot === undefined || !has(line, where.field, where.isNot)),
      ),
    )
    .map(metricNameOf);
}

/** Moves the clock in steps, as long as it takes for messages to be offered again and given up. */
async function untilCounted(length: number, metric: string): Promise<readonly string[]> {
  for (let passed = 0; passed < 400 && !countedSince(length).includes(metric); passed += 25) {
    await stack.advance(25);
    await stack.quiet();
  }
  return countedSince(length);
}

const carriers = { sns: 'SMS', ses: 'Email', connect: 'Call' } as const;
/** SNS says yes to these, and brings nothing. */
const afterYes = ['accept-and-drop', 'spend-limit', 'over-price'];
/** What any service answers that is down. `slow` fails nothing: what it takes is in the latency that API Gateway counts. */
const basic = ['error', 'throttle', 'timeout', 'lost-reply'] as const;
/**
 * Of carriers: a time-out takes real seconds, in which the moved clock ends leases. It is repeated as a throttle is. The
 * small size has one of what any service answers, since each is repeated and counted alike.
 */
const answered = isWhole ? basic.filter((fault) => fault !== 'timeout') : (['error'] as const);
const refused = Object.keys(carriers).flatMap((service) =>
  [...answered, ...accountFaultsOf(service).map(({ name }) => name)]
    .filter((name) => !afterYes.includes(name))
    .map((name) => [service as keyof typeof carriers, name] as const),
);

test.each(refused)('%s, %s: the code that ends unsent is counted', async (service, fault) => {
  const method = carriers[service];
  const person = await enrol(stack, method === 'Email' ? { phone: undefined } : { email: undefined });
  const { length } = readFileSync(stack.output, 'utf8');
  await stack.fault(service, fault as never, down);
  if (method === 'SMS') await stack.fault('connect', 'access-denied', down);
  if (method === 'Call') await stack.fault('sns', 'access-denied', down);
  await api.start(person.userId, { method });
  expect(await untilCounted(length, 'delivery-ended-failed')).toContain('delivery-ended-failed');
});

test.each(afterYes)('sns, %s: the SMS that was taken and not brought is counted', async (fault) => {
  const person = await enrol(stack, { email: undefined });
  const { length } = readFileSync(stack.output, 'utf8');
  await stack.fault('sns', fault as never, down);
  await api.start(person.userId, { method: 'SMS' });
  expect(await untilCounted(length, 'sms-status-not-delivered')).toContain('sms-status-not-delivered');
});

test.each(accountFaultsOf('kms').map(({ name }) => name))(
  'kms, %s: the assertion that is not signed is counted',
  async (fault) => {
    const person = await enrol(stack);
    const { challengeId } = (await api.start(person.userId, { method: 'Email' })).body;
    const code = await codeSentTo(stack, person.email);
    const { length } = readFileSync(stack.output, 'utf8');
    await stack.fault('kms', fault as never, down, { operation: 'Sign' });
    expect((await api.verify(challengeId, code)).status).toBe(503);
    expect(await untilCounted(length, 'request-failed')).toContain('request-failed');
  },
);

const down503 = (['dynamodb', 'sqs', 'states'] as const).flatMap((service) =>
  (isWhole || service === 'dynamodb' ? basic : (['error'] as const)).map(
    (fault) => [service, fault] as const,
  ),
);

test.each(down503)('%s, %s: the request that fails is counted', async (service, fault) => {
  const person = await enrol(stack);
  const { length } = readFileSync(stack.output, 'utf8');
  await stack.fault(service, fault, down);
  const answer =
    service === 'states'
      ? await stack.request('POST', '/v1/recoveries', {
          token: await stack.token('web-login'),
          body: { userId: person.userId, path: 'kba' },
        })
      : await api.start(person.userId, { method: 'Email' });
  expect(answer.status).toBe(503);
  expect(await untilCounted(length, 'request-failed')).toContain('request-failed');
});
