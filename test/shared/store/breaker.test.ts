/** The switch of a country's breaker: who threw it knows so, and nobody else thinks that they did. */
import { afterAll, expect, test } from 'vitest';
import { breakerStore } from '../../../shared/store/breaker.ts';
import { startTable } from '../../support/table.ts';

const table = await startTable();
afterAll(() => table.close());

const now = Date.UTC(2030, 0, 1);
const until = now + 3_600_000;

test('a throw whose reply was lost is known as its own when it is repeated', async () => {
  const { trip, stage } = breakerStore(table);
  expect(await trip('DE', 'email', now, until)).toBe(true);
  expect(await trip('DE', 'email', now, until)).toBe(true);
  expect(await trip('DE', 'email', now + 1, until + 1)).toBe(false);
  expect(await trip('DE', 'stopped', now + 2, until + 2)).toBe(true);
  expect(await trip('DE', 'email', now + 3, until + 3)).toBe(false);
  expect(await stage('DE', now + 4)).toBe('stopped');
});
