/** A dependency that stays down under a request: 503, nothing accepted, and the honest repetition gets its answer. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { honestly } from '../../e2e/people.ts';
import { borrowStack, type Stack } from '../../stack.ts';
import type { Requested } from '../../support/dependencies.ts';
import { audited, cellsOf, down, expectUnavailable, faultRows, isFollowed, isSpent, told } from './cells.ts';
import { type Operation, operationsOf, type Prepared } from './operations.ts';

let stack: Stack;
let operations: Record<Requested, Operation>;
beforeAll(async () => {
  stack = await borrowStack();
  operations = operationsOf(stack);
});
afterAll(() => stack.stop());

describe.each(faultRows)('%s: a fault that lasts', (...row) => {
  const [name, { uses }] = row;
  test('is 503, and the same request afterwards is answered as if it were the first', async () => {
    const operation = operations[name];
    const cells = [
      ...cellsOf(row, operation, false),
      ...(operation.keyed === false ? [] : cellsOf(row, operation, true)),
    ];
    const prepared = await operation.prepare(cells.map(({ key }) => key));
    const goesOn = isFollowed(uses);
    const waiting = [];
    for (const [place, cell] of cells.entries()) {
      if (goesOn) await stack.quiet();
      const one = prepared[place] as Prepared;
      await stack.fault(cell.service, cell.fault, down, { after: cell.after });
      const answer = await one.send();
      await stack.fault(cell.service, cell.fault, 0);
      expect([told(cell), answer.status]).toEqual([told(cell), 503]);
      expectUnavailable(answer);
      waiting.push({ cell, prepared: one });
    }
    await stack.quiet();
    await stack.advance(1); // as Retry-After says
    const again = await Promise.all(
      waiting.map(async (each) => ({ ...each, answer: await honestly(each.prepared.send) })),
    );
    const unlike = again.filter(
      ({ cell, prepared: { spent }, answer: { status } }) =>
        !(isSpent(operation, cell) ? (spent ?? []) : operation.success).includes(status),
    );
    expect(unlike.map(({ cell, answer }) => [told(cell), answer.status, answer.body?.code])).toEqual([]);
    await audited(
      stack,
      again
        .filter(({ cell }) => !isSpent(operation, cell))
        .map(({ cell, ...rest }) => ({ cell: told(cell), ...rest })),
    );
  });
});
