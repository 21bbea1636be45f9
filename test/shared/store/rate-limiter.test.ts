/** Counters of destinations: a send is counted once for all who repeat it, and at a time that its message is near. */
import { randomUUID } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { rateLimiter } from '../../../shared/store/rate-limiter.ts';
import { startTable } from '../../support/table.ts';

const table = await startTable();
afterAll(() => table.close());
const { reserve } = rateLimiter(table);

const now = Date.UTC(2030, 0, 1);
const minute = 60_000;
const windows = [{ limit: 3, milliseconds: 60 * minute }];
const counter = () => {
  const destination = randomUUID();
  return (reservation: string, at: number) => reserve(destination, reservation, at, windows);
};

test('a reservation that is repeated counts once, however many repeat it at once', async () => {
  const reserved = counter();
  await Promise.all(Array.from({ length: 10 }, () => reserved('one', now)));
  expect(await reserved('one', now + minute - 1)).toBe('reserved');
  expect(await reserved('two', now + minute)).toBe('reserved');
  expect(await reserved('three', now + minute)).toBe('reserved');
  expect(await reserved('four', now + minute)).toEqual({ retryAt: now + 60 * minute });
});

test('one that was counted long ago is counted again, and refused where there is no room', async () => {
  const reserved = counter();
  for (const each of ['one', 'two', 'three']) await reserved(each, now);
  const later = now + 61 * minute;
  const again = await Promise.all(Array.from({ length: 10 }, () => reserved('one', later)));
  expect(new Set(again)).toEqual(new Set(['reserved']));
  expect(await reserved('two', later)).toBe('reserved');
  expect(await reserved('four', later)).toBe('reserved');
  expect(await reserved('three', later)).toEqual({ retryAt: later + 60 * minute });
  expect(await reserved('one', later + 2 * minute)).toEqual({ retryAt: later + 60 * minute });
});
