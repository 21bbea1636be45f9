/** The movable clock that functions, queues and time-outs of the local stack share. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Real time plus an offset that only ever grows. */
export interface Clock {
  /** Milliseconds since the epoch, moved time. */
  now(): number;
  /** Moves the clock forward; listeners run before it returns. Whole seconds, zero or more. */
  advance(seconds: number): void;
  /** Called after each advance, for timers that were set by moved time. Returns the unsubscribing function. */
  onAdvance(listener: () => void): () => void;
  /** One BigInt64: the offset in milliseconds, for worker threads. */
  readonly offset: SharedArrayBuffer;
}

/** Upper bound of the sum of all advances: ten years keeps every date inside the range of certificates and TTLs. */
export const longestAdvanceSeconds = 10 * 366 * 86_400;

/** @param file where the offset survives a restart; absent: it starts at zero and is forgotten. */
export function createClock(file?: string): Clock {
  const offset = new SharedArrayBuffer(8);
  const view = new BigInt64Array(offset);
  const listeners = new Set<() => void>();
  if (file !== undefined) Atomics.store(view, 0, BigInt(savedOffset(file)));
  return {
    offset,
    now: () => Date.now() + Number(Atomics.load(view, 0)),
    advance(seconds) {
      const total = Atomics.add(view, 0, BigInt(seconds) * 1000n) + BigInt(seconds) * 1000n;
      if (file !== undefined) saveOffset(file, total);
      for (const listener of listeners) listener();
    },
    onAdvance(listener) {
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
