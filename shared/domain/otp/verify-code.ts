/** Verifying a code: one write spends the attempt, and what it returns says whether the guess won. */

import { lockOf, refusalByLock } from '../attempts/lockout.ts';
import { reconcileAttempts } from '../attempts/reconcile-attempts.ts';
import { attemptDigest } from '../challenge/code.ts';
import { winningAttempt } from '../challenge/winning-attempt.ts';
import type { Clock } from '../clock.ts';
import { sameDigest } from '../crypto/digest.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { Unavailable } from '../faults.ts';
import { type Purpose, readChallengeId } from '../identifiers/challenge-id.ts';
import type { Method, Policy } from '../policy/policy.ts';
import { challengeKeyOf } from '../user-record/challenge.ts';
import { findChallenge } from '../user-record/find-challenge.ts';
import { hasAttempted } from '../user-record/replays.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import type { AttemptRequest, UserStore } from '../user-record/user-store.ts';

interface VerifyPorts {
  readonly users: UserStore;
  readonly clock: Clock;
  readonly keyring: Keyring;
  readonly policy: Policy;
}

interface VerifyRequest {
  readonly challengeId: string;
  readonly client: string;
  /** ASCII digits; see `readTypedCode`. */
  readonly code: string;
  /** Names the request, so that its repetition spends nothing. */
  readonly request: string;
}

interface VerifiedChallenge {
  readonly kind: 'verified';
  readonly challengeId: string;
  readonly userId: string;
  /** The user's locator. */
  readonly user: string;
  readonly purpose: Purpose;
  readonly method: Method;
  readonly recovery?: string | undefined;
  /** When the winning guess was spent; a repetition of the request gets the same. Epoch milliseconds. */
  readonly at: number;
}

export type VerifyOutcome =
  | VerifiedChallenge
  | {
      readonly kind: 'code-rejected';
      readonly attemptsRemaining: number;
      readonly recovery?: string | undefined;
    }
  /** `retryAt` where waiting helps. */
  | { readonly kind: 'attempts-exhausted'; readonly retryAt?: number }
  | { readonly kind: 'challenge-closed' | 'conflict' | 'fallback-disabled' };

/**
 * Costs one DynamoDB request when the attempt could be spent, right or wrong, and two when it could not. In a
 * rare race, where an unsettled success of another challenge made the user look locked, four.
 */
export async function verifyCode(request: VerifyRequest, ports: VerifyPorts): Promise<VerifyOutcome> {
  const { users, clock, keyring, policy } = ports;
  if (policy.mode === 'DirectFidoAuth') return { kind: 'fallback-disabled' };
  const address = readChallengeId(request.challengeId);
  if (address?.kind !== 'otp') return { kind: 'challenge-closed' };
  const challengeKey = challengeKeyOf(request.client, address.purpose);
  const digest = attemptDigest(request.code, request.challengeId, keyring.current, keyring);
  for (let round = 0; round < 2; round += 1) {
    const now = clock.now();
    const attempted: AttemptRequest = {
      on: { kind: 'challenges', challengeKey, challengeId: request.challengeId },
      request: request.request,
      attempt: { digest, key: keyring.current, at: now },
      newestKey: keyring.newest,
    };
    const spent = await users.recordAttempt(address.locator, attempted);
    if (spent) return verdictOf(spent, challengeKey, request, digest, keyring);
    const record = await users.read(address.locator);
    if (record === undefined) return { kind: 'challenge-closed' };
    const settled = reconcileAttempts(record, keyring, now, policy.lockout);
    const refusal = explainRefusal(settled, challengeKey, request, digest, now, ports);
    if (refusal) return refusal;
    // Nothing in the settled record refuses this guess: settle for all to see, and spend again.
    await users.write(record, settled);
  }
  throw new Unavailable('raced-user-record');
}

/** The verdict on a guess that is in the record; `current` is its digest under the current key. */
function verdictOf(
  record: UserRecord,
  challengeKey: string,
  request: VerifyRequest,
  current: string,
  keyring: Keyring,
): VerifyOutcome {
  const challenge = findChallenge(record, challengeKey, request.challengeId);
  const place = challenge?.requests.indexOf(request.request) ?? -1;
  const attempt = challenge?.attempts[place];
  if (challenge === undefined || attempt === undefined) return { kind: 'challenge-closed' };
  // Nearly always written a moment ago by this same call.
  const digest =
    attempt.key === keyring.current
      ? current
      : attemptDigest(request.code, challenge.id, attempt.key, keyring);
  if (!sameDigest(attempt.digest, digest)) return { kind: 'conflict' };
  const winner = winningAttempt(challenge, keyring);
  if (winner === undefined || winner > place) {
    return {
      kind: 'code-rejected',
      attemptsRemaining: challenge.maxAttempts - place - 1,
      recovery: challenge.recovery,
    };
  }
  if (winner < place || record.enrolment === undefined) return { kind: 'challenge-closed' };
  const { userId } = record.enrolment;
  const { id: challengeId, purpose, recovery, delivery } = challenge;
  const { method } = delivery;
  return {
    kind: 'verified',
    challengeId,
    userId,
    user: record.locator,
    purpose,
    method,
    recovery,
    at: attempt.at,
  };
}

/** Why the write refused, read off the record; `undefined` when nothing in it would. */
function explainRefusal(
  record: UserRecord,
  challengeKey: string,
  request: VerifyRequest,
  current: string,
  now: number,
  { keyring, policy }: VerifyPorts,
): VerifyOutcome | undefined {
  const challenge = findChallenge(record, challengeKey, request.challengeId);
  if (challenge === undefined) return { kind: 'challenge-closed' };
  if (hasAttempted(challenge, request.request, now))
    return verdictOf(record, challengeKey, request, current, keyring);
  const superseded = record.challenges[challengeKey] !== challenge;
  if (superseded || challenge.expiresAt <= now || winningAttempt(challenge, keyring) !== undefined) {
    return { kind: 'challenge-closed' };
  }
  if (challenge.attempts.length >= challenge.maxAttempts) return { kind: 'attempts-exhausted' };
  return refusalByLock(lockOf(record, now, policy.lockout));
}
