/** The lockout: how many wrong attempts a user has, and whether the next one may be made, must wait, or is locked. */
import { isAnonymous } from '../identifiers/client.ts';
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

/** How many of the attempts before the stop anonymous doors can use up: the person keeps as many elsewhere. */
export const anonymousAttemptsBeforeStop = ({ attemptsBeforeStop }: Rules): number =>
  Math.floor(attemptsBeforeStop / 2);

/** The lock as a client meets it. The write that records an attempt has the same rule as its condition. */
export function lockAt(client: string, budget: AttemptBudget, now: number, rules: Rules): Lock {
  if (!isAnonymous(client)) return lockOf(budget, now, rules);
  if (budget.anonymousConsecutiveFailures >= anonymousAttemptsBeforeStop(rules)) return { kind: 'locked' };
  return lockOf({ ...budget, failedAttempts: budget.anonymousFailedAttempts }, now, rules);
}

/** The lock wherever the person has shown a password. */
export function lockOf(
  { failedAttempts, consecutiveFailures }: Pick<AttemptBudget, 'failedAttempts' | 'consecutiveFailures'>,
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
 * The rule in rows, for the condition of a write. DynamoDB cannot count, but can test one index. The list is newest
 * first, so "at most n failures in the window" means "item n is missing or too old". Each row allows an attempt
 * `waitSeconds` after the newest failure; one true row is enough. The last row has the longest wait and holds for any
 * number. With the default policy: 9 and 0 s, 10 and 30 s, and so on to 17 and 3600 s.
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
export function trimFailedAttempts(failed: readonly number[], now: number, rules: Rules): readonly number[] {
  const longest = waitTable(rules).length + rules.attemptsBeforeWait;
  return failed.filter((at) => at > now - rules.windowSeconds * 1000).slice(0, longest);
}

/** Why no attempt may be made: the user is locked, must wait, or the challenge has had all that it bears. */
export interface Exhaustion {
  readonly kind: 'attempts-exhausted';
  readonly reason: 'stopped' | 'wait' | 'challenge';
  /** Where waiting helps; epoch milliseconds. */
  readonly retryAt?: number;
}

/**
 * The strongest reason that holds; `undefined` when an attempt may be made.
 *
 * @param waitUntil when another wait than the lock's ends, if there is one; epoch milliseconds
 */
export function exhaustionOf(lock: Lock, isExhausted: boolean, waitUntil = 0): Exhaustion | undefined {
  const kind = 'attempts-exhausted';
  if (lock.kind === 'locked') return { kind, reason: 'stopped' };
  const retryAt = Math.max(waitUntil, lock.kind === 'throttled' ? lock.until : 0);
  if (retryAt > 0) return { kind, reason: 'wait', retryAt };
  return isExhausted ? { kind, reason: 'challenge' } : undefined;
}
