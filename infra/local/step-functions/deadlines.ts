/** Time-outs by the movable clock; set back, it leaves each as long as it had. */
import type { Clock } from '../clock/clock.ts';

export interface Deadlines {
  /** Runs `then` at this time of the movable clock, a past one in the next turn; earlier ones first.
   * @returns how to call it off. */
  set(at: number, then: () => void): () => void;
}

/** Looks again at least this often: a timer of Node's takes no more than 24 days. */
const longestWaitMilliseconds = 60_000;

export function createDeadlines(clock: Pick<Clock, 'now' | 'onMove'>): Deadlines {
  const open = new Set<{ at: number; readonly then: () => void }>();
  let timer: NodeJS.Timeout | undefined;

  const arm = (): void => {
    clearTimeout(timer);
    if (open.size === 0) return;
    const next = [...open].reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY);
    const wait = Math.max(0, Math.min(next - clock.now(), longestWaitMilliseconds));
    timer = setTimeout(run, wait).unref();
  };
  const run = (): void => {
    const due = [...open].filter(({ at }) => at <= clock.now()).sort((one, other) => one.at - other.at);
    for (const each of due) if (open.delete(each)) each.then();
    arm();
  };
  clock.onMove((milliseconds) => {
    if (milliseconds < 0) for (const each of open) each.at += milliseconds;
    run();
  });

  return {
    set(at, then) {
      const each = { at, then };
      open.add(each);
      arm();
      return () => {
        if (open.delete(each)) arm();
      };
    },
  };
}
