/** The movable clock: its listeners, and where it stands after a restart. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createClock } from '../../../../infra/local/clock/clock.ts';

const directory = mkdtempSync(join(tmpdir(), 'clock-'));
const file = join(directory, 'clock.json');
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const aheadSeconds = (clock: { now(): number }) => Math.round((clock.now() - Date.now()) / 1000);

it('tells its listeners how far it moved, back too', () => {
  const clock = createClock();
  const moves: number[] = [];
  const forget = clock.onMove((milliseconds) => moves.push(milliseconds));
  clock.advance(60);
  clock.advance(30);
  clock.reset();
  clock.reset();
  expect(moves).toEqual([60_000, 30_000, -90_000, 0]);
  forget();
  clock.advance(1);
  expect(moves).toHaveLength(4);
});

it('stands after a restart where it stood, also when it was set back', () => {
  const clock = createClock(file);
  clock.advance(3_600);
  expect(aheadSeconds(createClock(file))).toBe(3_600);
  clock.reset();
  expect(aheadSeconds(createClock(file))).toBe(0);
  expect(aheadSeconds(clock)).toBe(0);
});
