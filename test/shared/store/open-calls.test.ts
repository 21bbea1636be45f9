/** So many calls are open as may be, however many workers place them. */
import { afterAll, expect, test } from 'vitest';
import { openMilliseconds } from '../../../shared/domain/delivery/open-calls.ts';
import { openCalls } from '../../../shared/store/open-calls.ts';
import { startTable } from '../../support/table.ts';

const table = await startTable();
afterAll(() => table.close());
const now = Date.UTC(2026, 0, 1);

test('racing calls find as many lines as there are, and the next one when the oldest is over', async () => {
  const calls = openCalls(table, 3);
  expect(await calls.hasRoom(now)).toBe(true);
  const placed = await Promise.all(
    Array.from({ length: 8 }, (_, place) => calls.take(`delivery-${place}`, now)),
  );
  expect(placed.filter(Boolean)).toHaveLength(3);
  expect(await calls.hasRoom(now)).toBe(false);
  const again = placed.indexOf(true);
  expect(await calls.take(`delivery-${again}`, now + 1_000)).toBe(true);
  expect(await calls.take('another', now + openMilliseconds - 1)).toBe(false);
  expect(await calls.hasRoom(now + openMilliseconds)).toBe(true);
  expect(await calls.take('another', now + openMilliseconds)).toBe(true);
});
