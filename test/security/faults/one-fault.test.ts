/** A dependency that fails once under a request: nobody sees it, and nothing happens twice. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../e2e/people.ts';
import { borrowStack, type Stack, type StackAnswer } from '../../stack.ts';
import { type Requested, rows, services, type Uses } from '../../support/dependencies.ts';
import { isWhole } from '../../support/size.ts';
import { audited, cellsOf, faultRows, isFollowed, told } from './cells.ts';
import { type Operation, operationsOf, type Prepared } from './operations.ts';

let stack: Stack;
let operations: Record<Requested, Operation>;
beforeAll(async () => {
  stack = await borrowStack();
  operations = operationsOf(stack);
});
afterAll(() => stack.stop());

const countOf = async (): Promise<Uses> => {
  const counted = await stack.requests();
  return Object.fromEntries(
    services.flatMap((service) => {
      const requests = Object.values(counted[service] ?? {}).reduce((sum, count) => sum + count, 0);
      return requests === 0 ? [] : [[service, requests] as const];
    }),
  );
};

/** Waits for the operation, or until the queue is asked, which is kept waiting so that no worker has begun. */
async function measured(send: () => Promise<StackAnswer>, uses: Uses) {
  await stack.forgetRequests();
  if (!('sqs' in uses)) return { answer: await send(), asked: await countOf() };
  await stack.fault('sqs', 'timeout', 1);
  const answer = send();
  const asked = await until(countOf, ({ sqs }) => sqs !== undefined);
  await stack.fault('sqs', 'timeout', 0);
  return { answer: await answer, asked };
}

describe('the table of what operations use', () => {
  test.each(rows)('%s asks these services, so often, and no other', async (name, { uses, moves }) => {
    // On a busy machine a request whose answer comes too late is repeated: the fewest of three count.
    for (const isLast of [false, false, true]) {
      const [prepared] = await operations[name].prepare([undefined]);
      if (prepared === undefined) throw new Error('nothing was prepared');
      await stack.quiet();
      const { answer, asked } = await measured(prepared.send, uses);
      const all = Object.keys(await countOf()).toSorted();
      if (!isLast && moves === undefined && asked.dynamodb !== uses.dynamodb) continue;
      expect(operations[name].success).toContain(answer.status);
      const carriers = ['sns', 'ses', 'connect']; // the worker's, who may have begun meanwhile
      const named = Object.keys(uses).toSorted();
      if (moves) expect(all).toEqual(expect.arrayContaining(named));
      else expect(all.filter((each) => !carriers.includes(each))).toEqual(named);
      if (moves === undefined) expect(asked.dynamodb).toBe(uses.dynamodb);
      if (moves === undefined && !('sqs' in uses)) expect(asked).toEqual(uses);
      return;
    }
  });
});

describe.each(faultRows)('%s: one fault', (...row) => {
  const [name, { uses }] = row;
  test('at any request is not seen, and leaves nothing twice', async () => {
    const operation = operations[name];
    // In the small size the table's alone: clients repeat requests to other services in the same way.
    const cells = cellsOf(row, operation, false).filter(({ service }) => isWhole || service === 'dynamodb');
    const prepared = await operation.prepare(cells.map(() => undefined));
    const goesOn = isFollowed(uses);
    const done = [];
    for (const [place, cell] of cells.entries()) {
      if (goesOn || place === 0) await stack.quiet();
      const one = prepared[place] as Prepared;
      await stack.fault(cell.service, cell.fault, 1, { after: cell.after });
      const answer = await one.send();
      await stack.fault(cell.service, cell.fault, 0);
      done.push({ cell: told(cell), prepared: one, answer });
    }
    const refused = done.filter(({ answer }) => !operation.success.includes(answer.status));
    expect(refused.map(({ cell, answer }) => [cell, answer.status])).toEqual([]);
    await audited(stack, done);
  });
});
