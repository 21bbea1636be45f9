/** A dependency that fails once under a request: nobody sees it, and nothing happens twice. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { quiet } from '../../e2e/people.ts';
import { type Stack, startStack } from '../../stack.ts';
import { type Requested, rows, services } from '../../support/dependencies.ts';
import { audited, cellsOf, isFollowed, told } from './cells.ts';
import { type Operation, operationsOf, type Prepared } from './operations.ts';

let stack: Stack;
let operations: Record<Requested, Operation>;
beforeAll(async () => {
  stack = await startStack();
  operations = operationsOf(stack);
}, 90_000);
afterAll(() => stack.stop());

describe('the table of what operations use', () => {
  test.each(rows)('%s asks these services, so often, and no other', async (name, { uses, moves }) => {
    const [prepared] = await operations[name].prepare(['measured']);
    if (prepared === undefined) throw new Error('nothing was prepared');
    await quiet(stack);
    await stack.forgetRequests();
    const answer = await prepared.send();
    await quiet(stack);
    expect(operations[name].success).toContain(answer.status);
    const counted = await stack.requests();
    const asked = Object.fromEntries(
      services.flatMap((service) => {
        const requests = Object.values(counted[service] ?? {}).reduce((sum, count) => sum + count, 0);
        return requests === 0 ? [] : [[service, requests] as const];
      }),
    );
    if (moves)
      expect(asked).toMatchObject(
        Object.fromEntries(Object.keys(uses).map((each) => [each, expect.any(Number)])),
      );
    else if (!('sqs' in uses)) expect(asked).toEqual(uses);
    else
      for (const [service, requests] of Object.entries(uses))
        expect(asked[service]).toBeGreaterThanOrEqual(requests);
  });
});

describe.each(rows)('%s: one fault', (...row) => {
  const [name, { uses }] = row;
  test('at any request is not seen, and leaves nothing twice', async () => {
    const operation = operations[name];
    const cells = cellsOf(row, false);
    const prepared = await operation.prepare(cells.map(() => undefined));
    const goesOn = isFollowed(uses);
    const done = [];
    for (const [place, cell] of cells.entries()) {
      if (goesOn || place === 0) await quiet(stack);
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
