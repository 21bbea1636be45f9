/** A service that throttles or does not answer, under every operation that uses it at the same time. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { honestly } from '../../e2e/people.ts';
import { borrowStack, type Stack, type StackAnswer } from '../../stack.ts';
import { type Requested, rows } from '../../support/dependencies.ts';
import { isWhole } from '../../support/size.ts';
import { audited, down, expectUnavailable } from './cells.ts';
import { type Operation, operationsOf, type Prepared } from './operations.ts';

let stack: Stack;
let operations: Record<Requested, Operation>;
beforeAll(async () => {
  stack = await borrowStack();
  operations = operationsOf(stack);
});
afterAll(() => stack.stop());

const under = ['dynamodb', 'sqs', 'kms', 'states'] as const;
const kinds = ['throttle', 'timeout'] as const;
type Cell = readonly [(typeof under)[number], (typeof kinds)[number]];
const whole: readonly Cell[] = kinds.flatMap((fault) => under.map((service) => [service, fault] as const));
/** The small size has the table, which every operation asks, once under each. */
const lasting: readonly Cell[] = isWhole ? whole : [['dynamodb', 'throttle']];
const passing: readonly Cell[] = isWhole ? whole : [['dynamodb', 'timeout']];

interface Ready {
  readonly cell: Requested;
  readonly prepared: Prepared;
}

/** One of each operation that uses the service, with a key. */
async function preparedFor(service: (typeof under)[number], key: string): Promise<Ready[]> {
  const using = rows.filter(([, { uses }]) => service in uses).map(([name]) => name);
  const ready: Ready[] = [];
  // A resend moves the clock, so that it comes first.
  for (const cell of using.toSorted((one) => (one === 'resend a code' ? -1 : 0))) {
    const [prepared] = await operations[cell].prepare([key]);
    if (prepared !== undefined) ready.push({ cell, prepared });
  }
  await stack.quiet();
  return ready;
}

interface Done extends Ready {
  readonly answer: StackAnswer;
}

/** A removal that is repeated finds nobody, which is what was asked for. */
function unlike(done: readonly Done[]) {
  return done.flatMap(({ cell, prepared, answer: { status } }) => {
    const { success, keyed } = operations[cell];
    const fine = keyed === false ? [...success, ...(prepared.spent ?? [])] : success;
    return fine.includes(status) ? [] : [[cell, status]];
  });
}

const sendAll = (ready: readonly Ready[]) =>
  Promise.all(ready.map(async (each) => ({ ...each, answer: await each.prepared.send() })));

let tries = 0;

describe.each(passing)('%s, a %s', (service, fault) => {
  // On a busy machine the request that is sent again after a time-out may be late as well.
  test('once for each operation is not seen', { retry: 2 }, async () => {
    tries += 1;
    const ready = await preparedFor(service, `${service}-${fault}-once-${tries}`);
    const done: Done[] = [];
    // A time-out is so long that each meets one; after a throttle somebody's next try might be too soon.
    for (const some of fault === 'timeout' ? [ready] : ready.map((each) => [each])) {
      await stack.quiet(); // the fault is meant for these, and for nobody's delivery
      await stack.fault(service, fault, some.length);
      done.push(...(await sendAll(some)));
      await stack.clearFaults();
    }
    expect(unlike(done)).toEqual([]);
    await audited(stack, done);
  });
});

describe.each(lasting)('%s, a %s', (service, fault) => {
  test('that lasts is 503, and what is sent again is answered as if it were the first', async () => {
    const ready = await preparedFor(service, `${service}-${fault}-lasts`);
    await stack.fault(service, fault, down);
    const refused = await sendAll(ready);
    await stack.clearFaults();
    for (const { answer } of refused) expectUnavailable(answer);
    await stack.quiet();
    await stack.advance(1);
    const again = await Promise.all(
      ready.map(async (each) => ({ ...each, answer: await honestly(each.prepared.send) })),
    );
    expect(unlike(again)).toEqual([]);
    await audited(stack, again);
  });
});
