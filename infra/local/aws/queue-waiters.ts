/** Receivers that wait for a queue to change: woken by a change, by moved time, or by the next visible message. */

export interface Waiters {
  /** Wakes whoever waits for this queue. */
  wake(queueName: string): void;
  wakeAll(): void;
  /** Resolves when woken, after `milliseconds`, or when the signal aborts. */
  wait(queueName: string, milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** Waiting receivers look again at least this often, in case the clock moved without telling. */
const longestWaitMilliseconds = 1_000;

export function createWaiters(): Waiters {
  const waiting = new Map<string, Set<() => void>>();
  const of = (queueName: string): Set<() => void> => {
    const waiters = waiting.get(queueName) ?? new Set();
    waiting.set(queueName, waiters);
    return waiters;
  };
  return {
    wake(queueName) {
      for (const each of of(queueName)) each();
    },
    wakeAll() {
      for (const waiters of waiting.values()) for (const each of waiters) each();
    },
    wait: (queueName, milliseconds, signal) =>
      new Promise((resolve) => {
        const waiters = of(queueName);
        const done = (): void => {
          waiters.delete(done);
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          resolve();
        };
        const timer = setTimeout(done, Math.max(1, Math.min(milliseconds, longestWaitMilliseconds))).unref();
        waiters.add(done);
        signal.addEventListener('abort', done, { once: true });
      }),
  };
}
