/** How many wrong attempts a user has, and what that means for the next one: go on, wait, or stop. */

import type { Policy } from '../policy/policy.ts';
import type { AttemptBudget } from '../user-record/attempts.ts';

type Rules = Policy['lockout'];

export type Lock =
  | { readonly kind: 'none' }
  | { readonly kind: 'throttled'; readonly until: number }
  | { readonly kind: 'locked' };

/** Seconds to wait after the last attempt when `wrong` attempts lie in the window; SP 800-63B-4 §3.2.2. */
export function waitSeconds(wrong: number, rules: Rules): number {
  const doublings = wrong - rules.attemptsBeforeWait;
  if (doublings < 0) return 0;
  return Math.min(rules.longestWaitSeconds, rules.firstWaitSeconds * 2 ** doublings);
}

/** The state of the lock. The write that spends an attempt states the same rule as its condition. */
export function lockOf(
  { failedAttempts, consecutiveFailures }: AttemptBudget,
  now: number,
  rules: Rules,
): Lock {
  if (consecutiveFailures >= rules.attemptsBeforeStop) return { kind: 'locked' };
  const inWindow = failedAttempts.filter((at) => at > now - rules.windowSeconds * 1000).length;
  const until = (failedAttempts[0] ?? 0) + waitSeconds(inWindow, rules) * 1000;
  return inWindow >= rules.attemptsBeforeWait && until > now
    ? { kind: 'throttled', until }
    : { kind: 'none' };
}

/**
 * The rule in rows, for a condition of the table, which cannot count and can only look at one place of `spent`. Where
 * at most `wrong` attempts lie in the window, so where place `wrong` of the newest first is empty or older than the
 * window, an attempt is free `waitSeconds` after the newest. It is free when any row says so. The last row has the
 * longest wait and holds for any number. With the default policy: 9 and 0 s, 10 and 30 s, and so on to 17 and 3600 s.
 */
export function waitTable(rules: Rules): { readonly wrong: number; readonly waitSeconds: number }[] {
  const table = [{ wrong: rules.attemptsBeforeWait - 1, waitSeconds: 0 }];
  for (let wrong = rules.attemptsBeforeWait; ; wrong += 1) {
    const wait = waitSeconds(wrong, rules);
    table.push({ wrong, waitSeconds: wait });
    if (wait >= rules.longestWaitSeconds) return table;
  }
}

/** Attempts that can still matter: inside the window, and no more than the longest wait needs. */
export function trimFailedAttempts(spent: readonly number[], now: number, rules: Rules): readonly number[] {
  const longest = waitTable(rules).length + rules.attemptsBeforeWait;
  return spent.filter((at) => at > now - rules.windowSeconds * 1000).slice(0, longest);
}

/** A lock as an answer; `undefined` when there is none. */
export function refusalByLock(
  lock: Lock,
): { readonly kind: 'attempts-exhausted'; readonly retryAt?: number } | undefined {
  if (lock.kind === 'none') return undefined;
  return lock.kind === 'throttled'
    ? { kind: 'attempts-exhausted', retryAt: lock.until }
    : { kind: 'attempts-exhausted' };
}
