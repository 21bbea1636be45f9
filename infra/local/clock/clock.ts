/**
 * The movable clock that functions, queues and time-outs of the local stack share.
 *
 * When it is set back, queues and workflows keep the time that they had left: a message that was to appear in 30
 * seconds still does. The table keeps its times: a challenge made an hour ahead also expires an hour later.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Real time plus an offset. */
export interface Clock {
  /** Milliseconds since the epoch, moved time. */
  now(): number;
  /** Moves the clock forward; listeners run before it returns. Whole seconds, zero or more. */
  advance(seconds: number): void;
  /** Sets the clock back to real time; listeners run before it returns. */
  reset(): void;
  /** Called after each move, for timers that were set by moved time. Returns the unsubscribing function. */
  onMove(listener: MoveListener): () => void;
  /** One BigInt64: the offset in milliseconds, for worker threads. */
  readonly offset: SharedArrayBuffer;
}

/** Positive: time passed, and something may be due. Negative: the clock was set back, and the listener moves the times
 * that it keeps as far. */
export type MoveListener = (milliseconds: number) => void;

/** Upper bound of the sum of all advances: ten years keeps every date inside the range of certificates and TTLs. */
export const longestAdvanceSeconds = 10 * 366 * 86_400;

/** @param file where the offset survives a restart; absent: it starts at zero and is forgotten. */
export function createClock(file?: string): Clock {
  const offset = new SharedArrayBuffer(8);
  const view = new BigInt64Array(offset);
  const listeners = new Set<MoveListener>();
  if (file !== undefined) Atomics.store(view, 0, BigInt(savedOffset(file)));
  const move = (milliseconds: bigint): void => {
    const total = Atomics.add(view, 0, milliseconds) + milliseconds;
    if (file !== undefined) saveOffset(file, total);
    for (const listener of listeners) listener(Number(milliseconds));
  };
  return {
    offset,
    now: () => Date.now() + Number(Atomics.load(view, 0)),
    advance: (seconds) => move(BigInt(seconds) * 1000n),
    reset: () => move(-Atomics.load(view, 0)),
    onMove(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function savedOffset(file: string): number {
  try {
    const { offsetMilliseconds } = JSON.parse(readFileSync(file, 'utf8')) as { offsetMilliseconds: number };
    return Number.isSafeInteger(offsetMilliseconds) ? offsetMilliseconds : 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw new Error(`${file} cannot be read; remove it to start with the real time`, { cause: error });
  }
}

function saveOffset(file: string, total: bigint): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ offsetMilliseconds: Number(total) })}\n`);
}
