/** Accounting for attempts: which were wrong, whose row they lengthen, and what a success takes back. */

import { winningGuess } from '../challenge/winning-guess.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { Unavailable } from '../faults.ts';
import { requestRememberedMilliseconds } from '../identifiers/request-id.ts';
import type { Policy } from '../policy/policy.ts';
import type { Attempts } from '../user-record/attempts.ts';
import type { Authenticator, UserRecord } from '../user-record/user-record.ts';
import { trimSpent } from './lockout.ts';

/**
 * Attributes guesses that were spent before anyone knew whether they were right. A spend counts as wrong at
 * once; here a winner ends its method's row and takes itself, and what came after it, out of the count.
 * Answers and backup codes count as wrong until `forgive` says otherwise. What is decided next is written with
 * this instance's keys, and the record says so.
 *
 * @throws {Unavailable} when the record needs a newer key than this instance has
 */
export function settle(
  record: UserRecord,
  keyring: Keyring,
  now: number,
  rules: Policy['lockout'],
): UserRecord {
  assertReadable(record, keyring);
  const spent = [...record.spent];
  const rows = { ...record.rows };
  const unsettled: { readonly at: number; readonly to: Authenticator; readonly afterWinner: number }[] = [];
  const attribute = <A extends Attempts>(
    attempts: A,
    to: Authenticator,
    winner = Number.POSITIVE_INFINITY,
  ): A => {
    if (attempts.settled === attempts.guesses.length) return attempts;
    attempts.guesses.slice(attempts.settled).forEach(({ at }, offset) => {
      unsettled.push({ at, to, afterWinner: attempts.settled + offset - winner });
    });
    return { ...attempts, settled: attempts.guesses.length };
  };
  const challenges = mapValues(record.challenges, (challenge) =>
    attribute(challenge, challenge.send.method, winningGuess(challenge, keyring)),
  );
  const kbaChallenges = mapValues(record.kbaChallenges, (challenge) => attribute(challenge, 'kba'));
  const codeAttempts = withoutForgotten(attribute(record.codeAttempts, 'backup-code'), now);
  // In the order of time: what one client got wrong after another one's success begins a row anew.
  for (const { at, to, afterWinner } of unsettled.toSorted((one, other) => one.at - other.at)) {
    if (afterWinner < 0) rows[to] = (rows[to] ?? 0) + 1;
    else if (spent.includes(at)) spent.splice(spent.indexOf(at), 1);
    if (afterWinner === 0) rows[to] = 0;
  }
  return {
    ...record,
    newestKey: Math.max(record.newestKey, keyring.current),
    challenges,
    kbaChallenges,
    codeAttempts,
    kbaTries:
      record.kbaTries.length > mostTriesKept ? record.kbaTries.slice(0, mostTriesKept) : record.kbaTries,
    spent: trimSpent(spent, now, rules),
    row: sumOf(rows),
    rows,
  };
}

/**
 * A record that a later deployment has written is left to it: while functions are replaced one by one, this
 * instance may not have the key of all that is in it.
 */
function assertReadable({ newestKey }: UserRecord, { newest }: Keyring): void {
  if (newestKey > newest) throw new Unavailable('unknown-pepper-key');
}

/** Attempts that no challenge bounds are kept as long as their requests may be replayed. */
function withoutForgotten(attempts: Attempts, now: number): Attempts {
  const first = attempts.guesses.findIndex(({ at }) => at > now - requestRememberedMilliseconds);
  const gone = first < 0 ? attempts.guesses.length : first;
  if (gone === 0) return attempts;
  const { requests, guesses, settled } = attempts;
  return {
    requests: requests.slice(gone),
    guesses: guesses.slice(gone),
    settled: Math.max(0, settled - gone),
  };
}

/** More than any policy counts. */
const mostTriesKept = 20;

/**
 * Takes a success that was counted as wrong out of the count, and ends its method's row. `times` are those of
 * all guesses that were right: earlier ones met a fault before anybody was told.
 */
export function forgive(
  record: UserRecord,
  times: readonly number[],
  authenticator: Authenticator,
): UserRecord {
  const rows = { ...record.rows, [authenticator]: 0 };
  return { ...record, spent: without(record.spent, times), rows, row: sumOf(rows) };
}

/** Each of the times once: what was wrong in the same millisecond stays. */
export function without(list: readonly number[], times: readonly number[]): readonly number[] {
  return times.reduce((left, at) => {
    const place = left.indexOf(at);
    return place < 0 ? left : left.toSpliced(place, 1);
  }, list);
}

function sumOf(rows: UserRecord['rows']): number {
  return Object.values(rows).reduce((sum, failures) => sum + failures, 0);
}

function mapValues<T>(record: Readonly<Record<string, T>>, change: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
