/** Accounting for attempts: which were wrong, whose failures they lengthen, and what a success takes back. */
import { winningAttempt } from '../challenge/winning-attempt.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { Unavailable } from '../faults.ts';
import { requestRememberedMilliseconds } from '../identifiers/request-id.ts';
import type { Policy } from '../policy/policy.ts';
import type { RecordedAttempts } from '../user-record/attempts.ts';
import type { Authenticator, UserRecord } from '../user-record/user-record.ts';
import { trimFailedAttempts } from './lockout.ts';

/** More than any policy counts. */
const mostTriesKept = 20;

/**
 * Attributes the attempts that were recorded before anyone knew whether they were right. Recording counts an attempt
 * as wrong at once. Here a winner ends its method's failures, and it and the attempts after it leave the count.
 * Answers and backup codes count as wrong until `creditSuccess` says otherwise.
 *
 * @throws {Unavailable} when the record needs a newer key than this instance has
 */
export function reconcileAttempts(
  record: UserRecord,
  keyring: Keyring,
  now: number,
  rules: Policy['lockout'],
): UserRecord {
  assertReadable(record, keyring);
  const unattributed: Unattributed[] = [];
  const attribute = <A extends RecordedAttempts>(recorded: A, to: Authenticator, winner?: number): A => {
    unattributed.push(...unattributedOf(recorded, to, winner));
    const { length } = recorded.attempts;
    return recorded.reconciledUpTo === length ? recorded : { ...recorded, reconciledUpTo: length };
  };
  const challenges = mapValues(record.challenges, (challenge) =>
    // A caller's attempts were never counted.
    challenge.purpose === 'caller'
      ? challenge
      : attribute(challenge, challenge.delivery.method, winningAttempt(challenge, keyring)),
  );
  const kbaChallenges = mapValues(record.kbaChallenges, (challenge) => attribute(challenge, 'kba'));
  const codeAttempts = withoutForgotten(attribute(record.codeAttempts, 'backup-code'), now);
  const { kbaTries } = record;
  return {
    ...record,
    ...countedIn(record, unattributed, now, rules),
    // Whatever is decided next is written with this instance's keys.
    newestKey: Math.max(record.newestKey, keyring.current),
    challenges,
    kbaChallenges,
    codeAttempts,
    kbaTries: kbaTries.length > mostTriesKept ? kbaTries.slice(0, mostTriesKept) : kbaTries,
  };
}

/** Refuse records written with a newer key than ours. A rolling deployment causes it; a retry reaches a newer instance. */
function assertReadable({ newestKey }: UserRecord, { newest }: Keyring): void {
  if (newestKey > newest) throw new Unavailable('unknown-pepper-key');
}

interface Unattributed {
  readonly at: number;
  readonly to: Authenticator;
  /** How many places after the winner: 0 for the winner itself, negative before it or without one. */
  readonly afterWinner: number;
}

function unattributedOf(
  { attempts, reconciledUpTo }: RecordedAttempts,
  to: Authenticator,
  winner = Number.POSITIVE_INFINITY,
): readonly Unattributed[] {
  return attempts
    .slice(reconciledUpTo)
    .map(({ at }, offset) => ({ at, to, afterWinner: reconciledUpTo + offset - winner }));
}

/** In order of time: what one client got wrong after another client's success begins a new count. */
function countedIn(
  record: UserRecord,
  unattributed: readonly Unattributed[],
  now: number,
  rules: Policy['lockout'],
) {
  const failed = [...record.failedAttempts];
  const failures = { ...record.failuresByAuthenticator };
  for (const { at, to, afterWinner } of unattributed.toSorted((one, other) => one.at - other.at)) {
    if (afterWinner < 0) failures[to] = (failures[to] ?? 0) + 1;
    else if (failed.includes(at)) failed.splice(failed.indexOf(at), 1);
    if (afterWinner === 0) failures[to] = 0;
  }
  return {
    failedAttempts: trimFailedAttempts(failed, now, rules),
    consecutiveFailures: sumOf(failures),
    failuresByAuthenticator: failures,
  };
}

/** Attempts at backup codes are bounded by no challenge; they are kept while their requests may be replayed. */
function withoutForgotten(recorded: RecordedAttempts, now: number): RecordedAttempts {
  const { requests, attempts, reconciledUpTo } = recorded;
  const first = attempts.findIndex(({ at }) => at > now - requestRememberedMilliseconds);
  const gone = first < 0 ? attempts.length : first;
  if (gone === 0) return recorded;
  return {
    requests: requests.slice(gone),
    attempts: attempts.slice(gone),
    reconciledUpTo: Math.max(0, reconciledUpTo - gone),
  };
}

/**
 * Takes a success that was counted as wrong out of the count, and ends its authenticator's failures.
 *
 * @param times when the right attempts were made: earlier ones met a fault before anybody was told
 */
export function creditSuccess(
  record: UserRecord,
  times: readonly number[],
  authenticator: Authenticator,
): UserRecord {
  const failuresByAuthenticator = { ...record.failuresByAuthenticator, [authenticator]: 0 };
  return {
    ...record,
    failedAttempts: without(record.failedAttempts, times),
    failuresByAuthenticator,
    consecutiveFailures: sumOf(failuresByAuthenticator),
  };
}

/** Takes each of the times off once, so that a wrong attempt of the same millisecond stays. */
export function without(list: readonly number[], times: readonly number[]): readonly number[] {
  return times.reduce((left, at) => {
    const place = left.indexOf(at);
    return place < 0 ? left : left.toSpliced(place, 1);
  }, list);
}

function sumOf(failures: UserRecord['failuresByAuthenticator']): number {
  return Object.values(failures).reduce((sum, count) => sum + count, 0);
}

function mapValues<T>(record: Readonly<Record<string, T>>, change: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
