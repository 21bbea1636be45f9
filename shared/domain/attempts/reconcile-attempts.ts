/** Accounting for attempts: which were wrong, whose failures they lengthen, and what a success takes back. */
import { winningAttempt } from '../challenge/winning-attempt.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { Unavailable } from '../faults.ts';
import { doorOf } from '../identifiers/client.ts';
import { requestRememberedMilliseconds } from '../identifiers/request-id.ts';
import type { Policy } from '../policy/policy.ts';
import type { RecordedAttempts } from '../user-record/attempts.ts';
import type { OtpChallenge } from '../user-record/challenge.ts';
import { withUsed } from '../user-record/sent-message.ts';
import type { Authenticator, UserRecord } from '../user-record/user-record.ts';
import { isAnonymousRow, listsOf, rowOf } from './counted-apart.ts';
import { trimFailedAttempts } from './lockout.ts';

/** More than any policy counts. */
const mostTriesKept = 20;

/**
 * Attributes the attempts that were recorded before anyone knew whether they were right. Recording counts an attempt
 * as wrong at once. Here a winner ends its method's failures, and it and the attempts after it leave the count.
 * Answers and backup codes count as wrong until `creditSuccess` says otherwise. The message of a code that was right
 * leaves the share of its door.
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
  const attribute = <A extends RecordedAttempts & { readonly client?: string }>(
    recorded: A,
    to: Authenticator,
    winner?: number,
  ): A => {
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
  return {
    ...record,
    ...countedIn(record, unattributed, now, rules),
    // Whatever is decided next is written with this instance's keys.
    newestKey: Math.max(record.newestKey, keyring.current),
    challenges,
    kbaChallenges,
    codeAttempts,
    kbaTries: shortened(record.kbaTries),
    anonymousKbaTries: shortened(record.anonymousKbaTries),
    sent: withUsed(record.sent, usedMessages(record, keyring)),
  };
}

const shortened = (tries: readonly number[]) =>
  tries.length > mostTriesKept ? tries.slice(0, mostTriesKept) : tries;

/** The messages of challenges that were solved: the last one of each had the code that was right. */
function usedMessages({ challenges }: UserRecord, keyring: Keyring) {
  const isSolved = (challenge: OtpChallenge) => winningAttempt(challenge, keyring) !== undefined;
  return Object.values(challenges)
    .filter(isSolved)
    .map(({ client, purpose, delivery: { at } }) => ({ at, door: doorOf(client, purpose) }));
}

/** Refuse records written with a newer key than ours. A rolling deployment causes it; a retry reaches a newer instance. */
function assertReadable({ newestKey }: UserRecord, { newest }: Keyring): void {
  if (newestKey > newest) throw new Unavailable('unknown-pepper-key');
}

/** Who made an attempt, and at what. */
interface Attribution {
  readonly authenticator: Authenticator;
  readonly client: string;
}

interface Unattributed {
  readonly at: number;
  readonly to: Attribution;
  /** How many places after the winner: 0 for the winner itself, negative before it or without one. */
  readonly afterWinner: number;
}

function unattributedOf(
  { attempts, reconciledUpTo, client: owner = '' }: RecordedAttempts & { readonly client?: string },
  authenticator: Authenticator,
  winner = Number.POSITIVE_INFINITY,
): readonly Unattributed[] {
  return attempts.slice(reconciledUpTo).map(({ at, client = owner }, offset) => ({
    at,
    to: { authenticator, client },
    afterWinner: reconciledUpTo + offset - winner,
  }));
}

/** In order of time: what one client got wrong after another client's success begins a new count. */
function countedIn(
  record: UserRecord,
  unattributed: readonly Unattributed[],
  now: number,
  rules: Policy['lockout'],
) {
  const lists = {
    failedAttempts: record.failedAttempts,
    anonymousFailedAttempts: record.anonymousFailedAttempts,
  };
  const failures = { ...record.failuresByAuthenticator };
  for (const { at, to, afterWinner } of unattributed.toSorted((one, other) => one.at - other.at)) {
    const row = rowOf(to.authenticator, to.client);
    const { failed } = listsOf(to.client);
    if (afterWinner < 0) failures[row] = (failures[row] ?? 0) + 1;
    else lists[failed] = without(lists[failed], [at]);
    if (afterWinner === 0) delete failures[row];
  }
  return {
    failedAttempts: trimFailedAttempts(lists.failedAttempts, now, rules),
    anonymousFailedAttempts: trimFailedAttempts(lists.anonymousFailedAttempts, now, rules),
    ...inARow(failures),
  };
}

/** The rows, and what they come to. */
function inARow(failuresByAuthenticator: UserRecord['failuresByAuthenticator']) {
  const sumOf = (rows: readonly (readonly [string, number])[]) =>
    rows.reduce((sum, [, count]) => sum + count, 0);
  const rows = Object.entries(failuresByAuthenticator);
  return {
    failuresByAuthenticator,
    consecutiveFailures: sumOf(rows),
    anonymousConsecutiveFailures: sumOf(rows.filter(([row]) => isAnonymousRow(row))),
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
 * Takes a success that was counted as wrong out of the count, and ends the failures of its authenticator at its client.
 *
 * @param times when the right attempts were made: earlier ones met a fault before anybody was told
 */
export function creditSuccess(
  record: UserRecord,
  times: readonly number[],
  { authenticator, client }: Attribution,
): UserRecord {
  const { [rowOf(authenticator, client)]: _, ...others } = record.failuresByAuthenticator;
  const { failed } = listsOf(client);
  return { ...record, [failed]: without(record[failed], times), ...inARow(others) };
}

/** Takes each of the times off once, so that a wrong attempt of the same millisecond stays. */
export function without(list: readonly number[], times: readonly number[]): readonly number[] {
  return times.reduce((left, at) => {
    const place = left.indexOf(at);
    return place < 0 ? left : left.toSpliced(place, 1);
  }, list);
}

function mapValues<T>(record: Readonly<Record<string, T>>, change: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
