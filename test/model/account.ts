/** What a stored record comes to, held against the model's people, and bounds that hold for every record. */

import { waitTable } from '../../shared/domain/attempts/lockout.ts';
import { reconcileAttempts } from '../../shared/domain/attempts/reconcile-attempts.ts';
import type { Keyring } from '../../shared/domain/crypto/keyring.ts';
import type { Policy } from '../../shared/domain/policy/policy.ts';
import type { UserRecord } from '../../shared/domain/user-record/user-record.ts';
import type { Person } from './world.ts';

/** Counts that no answer tells at once, and that decide later ones. */
export interface Account {
  /** Newest first, as many as the longest wait needs. */
  readonly wrong: readonly number[];
  readonly rows: Readonly<Record<string, number>>;
  readonly tries: readonly number[];
}

export function accountOf(record: UserRecord, keyring: Keyring, now: number, policy: Policy): Account {
  const { failedAttempts, failuresByAuthenticator, kbaTries } = reconcileAttempts(
    record,
    keyring,
    now,
    policy.lockout,
  );
  return account(failedAttempts, failuresByAuthenticator, kbaTries, now, policy);
}

export function accountOfPerson({ wrong, rows, tries }: Person, now: number, policy: Policy): Account {
  return account(wrong.toReversed(), rows, tries.toReversed(), now, policy);
}

function account(
  wrong: readonly number[],
  rows: Readonly<Record<string, number>>,
  tries: readonly number[],
  now: number,
  { lockout, kba }: Policy,
): Account {
  const most = lockout.attemptsBeforeWait + waitTable(lockout).length - 2;
  return {
    wrong: wrong.filter((at) => at > now - lockout.windowSeconds * 1000).slice(0, most),
    rows: Object.fromEntries(
      Object.entries(rows)
        .filter(([, failures]) => failures > 0)
        .toSorted(),
    ),
    tries: tries.filter((at) => at > now - kba.windowSeconds * 1000),
  };
}

/** Breaches of what holds whatever happened; none where all is well. */
export function breaches(record: UserRecord, policy: Policy, clients: number): string[] {
  const {
    challenges,
    kbaChallenges,
    codeAttempts,
    failedAttempts,
    consecutiveFailures,
    failuresByAuthenticator,
    past,
    pastKba,
    replies,
    kbaTries,
  } = record;
  const all = [...Object.values(challenges), ...Object.values(kbaChallenges), ...past, ...pastKba];
  const unsettled = [...Object.values(challenges), ...Object.values(kbaChallenges), codeAttempts].reduce(
    (sum, { attempts, reconciledUpTo }) => sum + attempts.length - reconciledUpTo,
    0,
  );
  const settledRows = Object.values(failuresByAuthenticator).reduce((sum, failures) => sum + failures, 0);
  const longest = waitTable(policy.lockout).length + policy.lockout.attemptsBeforeWait;
  const ids = all.map(({ id }) => id);
  const rules: Readonly<Record<string, boolean>> = {
    'one open challenge for each client': Object.keys(challenges).length <= clients,
    'one set of questions for each client': Object.keys(kbaChallenges).length <= clients,
    'no challenge twice': new Set(ids).size === ids.length,
    'no guess beyond the attempts': all.every(({ attempts, maxAttempts }) => attempts.length <= maxAttempts),
    'a request for each guess, once': [...all, codeAttempts].every(
      ({ requests, attempts }) =>
        requests.length === attempts.length && new Set(requests).size === requests.length,
    ),
    'no more settled than guessed': [...all, codeAttempts].every(
      ({ reconciledUpTo, attempts }) => reconciledUpTo <= attempts.length,
    ),
    'the row is what is settled and what is not': consecutiveFailures === settledRows + unsettled,
    'attempts newest first': failedAttempts.every(
      (at, place) => place === 0 || at <= (failedAttempts[place - 1] as number),
    ),
    'attempts of people who showed a password, and no others': record.anonymousConsecutiveFailures === 0,
    'attempts bounded': failedAttempts.length <= longest + unsettled,
    'tries bounded': kbaTries.length <= 20 + unsettled,
    'replies bounded': Object.keys(replies).length <= 24 * (clients + 1),
  };
  return Object.entries(rules).flatMap(([rule, holds]) => (holds ? [] : [rule]));
}
