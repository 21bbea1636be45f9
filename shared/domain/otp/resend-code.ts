/** Whether a challenge gets a new code, and by which method. */

import { reconcileAttempts } from '../attempts/reconcile-attempts.ts';
import { viewOf } from '../challenge/challenge-view.ts';
import { winningAttempt } from '../challenge/winning-attempt.ts';
import { profileOf } from '../contact/profile.ts';
import { readChallengeId } from '../identifiers/challenge-id.ts';
import type { Idempotency } from '../identifiers/request-id.ts';
import { resendCooldownMilliseconds } from '../limits/send-windows.ts';
import { forbidsFallback } from '../policy/fallback.ts';
import { addressKindOf, offeredMethods } from '../policy/methods.ts';
import type { Method } from '../policy/policy.ts';
import { challengeKeyOf, type OtpChallenge } from '../user-record/challenge.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import type { IssuePorts, SendDecision, StartOutcome } from './issue.ts';
import {
  answered,
  countSend,
  isUntouched,
  newDelivery,
  nextSendOf,
  repeatReply,
  reservationOf,
  switchable,
} from './next-delivery.ts';
import { decideAndSend } from './send-code.ts';

/**
 * Milliseconds after which a message that no worker has taken counts as never queued, since a worker takes what is
 * queued sooner. A caller whose request met a fault is told to wait as long by `Retry-After: 1`.
 */
const noticedAfterMilliseconds = 1_000;

/**
 * The request behind a send ended in a fault, and its repetition is no second send: because that was noted, or,
 * where the table's own reply was lost, because no worker has had it since.
 */
function isUnanswered({ delivery, unanswered }: OtpChallenge, now: number): boolean {
  return (
    unanswered === delivery.sequence ||
    (isUntouched(delivery) && now >= delivery.at + noticedAfterMilliseconds)
  );
}

function decideResend(
  found: UserRecord,
  challengeKey: string,
  request: ResendRequest,
  now: number,
  ports: IssuePorts,
): SendDecision<ResendOutcome> {
  const { policy, keyring } = ports;
  const challenge = found.challenges[challengeKey];
  // Also of a challenge that another has taken the place of since.
  const remembered = repeatReply(found, request.idempotency, now);
  if (remembered) return remembered;
  if (
    challenge?.id !== request.challengeId ||
    challenge.expiresAt <= now ||
    winningAttempt(challenge, keyring) !== undefined
  ) {
    return { outcome: { kind: 'challenge-closed' } };
  }
  if (challenge.attempts.length >= challenge.maxAttempts) return { outcome: { kind: 'attempts-exhausted' } };
  const wanted = request.method ?? challenge.delivery.method;
  // Also for the method in use, which a deployment may have ruled out since: its code would never leave.
  if (!offeredMethods(policy, ports.voice, challenge.purpose).includes(wanted)) {
    return { outcome: { kind: 'method-unavailable' } };
  }
  if (challenge.resendAt > now) {
    if (wanted !== challenge.delivery.method || !isUnanswered(challenge, now)) {
      return { outcome: { kind: 'rate-limited', retryAt: challenge.resendAt } };
    }
    const challenges = { ...found.challenges, [challengeKey]: { ...challenge, unanswered: 0 } };
    return answered({ ...found, challenges }, request.idempotency, viewOf(challenge), now, {
      requeue: isUntouched(challenge.delivery) ? challenge : undefined,
      changed: true,
    });
  }

  const record = reconcileAttempts(found, keyring, now, policy.lockout);
  const nextSend = nextSendOf(record, ports);
  if (nextSend > now) return { outcome: { kind: 'rate-limited', retryAt: nextSend } };
  const profile = profileOf('', record, keyring, ports, challenge.purpose);
  const destination = profile.destination(wanted);
  const kind = addressKindOf(wanted);
  const { expiresAt, delivery, attempts } = challenge;
  const sendsInRow = challenge.sendsInRow + 1;
  const next: OtpChallenge = {
    ...challenge,
    reconciledUpTo: attempts.length,
    methods: challenge.methods.includes(wanted)
      ? challenge.methods
      : switchable(profile, wanted, challenge.purpose, ports),
    // A decoy keeps the mask it showed at the start: that one was made from the name, which is not known here.
    masked: destination.isDeliverable
      ? { ...challenge.masked, [kind]: destination.masked }
      : challenge.masked,
    delivery: newDelivery(delivery.sequence + 1, wanted, attempts.length, {
      record,
      profile,
      expiresAt,
      now,
      ports,
    }),
    sendsInRow,
    resendAt: now + resendCooldownMilliseconds(sendsInRow, policy.sends),
  };
  const challenges = { ...record.challenges, [challengeKey]: next };
  return answered({ ...countSend(record, now, ports), challenges }, request.idempotency, viewOf(next), now, {
    send: {
      challenge: next,
      counter: destination.counter(),
      reservation: reservationOf(challengeKey, challenge, record, keyring),
    },
  });
}

interface ResendRequest {
  readonly challengeId: string;
  readonly client: string;
  readonly method?: Method | undefined;
  readonly idempotency?: Idempotency | undefined;
}

export type ResendOutcome = StartOutcome | { readonly kind: 'challenge-closed' | 'attempts-exhausted' };

/** Sends a new code for an open challenge; the old code is dead, attempts and expiry stay. */
export async function resendCode(request: ResendRequest, ports: IssuePorts): Promise<ResendOutcome> {
  const { policy } = ports;
  if (forbidsFallback(policy)) return { kind: 'fallback-disabled' };
  const address = readChallengeId(request.challengeId);
  if (address?.kind !== 'otp') return { kind: 'challenge-closed' };
  const offered = offeredMethods(policy, ports.voice, address.purpose);
  if (request.method !== undefined && !offered.includes(request.method)) {
    return { kind: 'method-unavailable' };
  }
  const challengeKey = challengeKeyOf(request.client, address.purpose);
  return decideAndSend(address.locator, ports, (record, now) =>
    decideResend(record, challengeKey, request, now, ports),
  );
}
