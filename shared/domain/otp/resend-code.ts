/** Whether a challenge gets a new code, and by which method. */

import { settle } from '../attempts/reconcile-attempts.ts';
import { viewOf } from '../challenge/challenge-view.ts';
import { winningGuess } from '../challenge/winning-guess.ts';
import { profileOf } from '../contact/profile.ts';
import { readChallengeId } from '../identifiers/challenge-id.ts';
import type { Idempotency } from '../identifiers/request-id.ts';
import { gapMilliseconds } from '../limits/send-windows.ts';
import { addressKindOf, offeredMethods } from '../policy/methods.ts';
import type { Method } from '../policy/policy.ts';
import { type OtpChallenge, slotOf } from '../user-record/challenge.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import type { IssuePorts, SendDecision, StartOutcome } from './issue.ts';
import {
  answered,
  countSend,
  isUntouched,
  newSend,
  nextSendOf,
  repeatReply,
  reservationOf,
  switchable,
} from './next-send.ts';
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
function isUnanswered({ send, unanswered }: OtpChallenge, now: number): boolean {
  return unanswered === send.sequence || (isUntouched(send) && now >= send.at + noticedAfterMilliseconds);
}

function decideResend(
  found: UserRecord,
  slot: string,
  request: ResendRequest,
  now: number,
  ports: IssuePorts,
): SendDecision<ResendOutcome> {
  const { policy, keyring } = ports;
  const challenge = found.challenges[slot];
  // Also of a challenge that another has taken the place of since.
  const remembered = repeatReply(found, request.idempotency, now);
  if (remembered) return remembered;
  if (
    challenge?.id !== request.challengeId ||
    challenge.expiresAt <= now ||
    winningGuess(challenge, keyring) !== undefined
  ) {
    return { outcome: { kind: 'challenge-closed' } };
  }
  if (challenge.guesses.length >= challenge.attempts) return { outcome: { kind: 'attempts-exhausted' } };
  const wanted = request.method ?? challenge.send.method;
  // Also for the method in use, which a deployment may have ruled out since: its code would never leave.
  if (!offeredMethods(policy, ports.voice, challenge.purpose).includes(wanted)) {
    return { outcome: { kind: 'method-unavailable' } };
  }
  if (challenge.resendAt > now) {
    if (wanted !== challenge.send.method || !isUnanswered(challenge, now)) {
      return { outcome: { kind: 'rate-limited', retryAt: challenge.resendAt } };
    }
    const challenges = { ...found.challenges, [slot]: { ...challenge, unanswered: 0 } };
    return answered({ ...found, challenges }, request.idempotency, viewOf(challenge), now, {
      requeue: isUntouched(challenge.send) ? challenge : undefined,
      changed: true,
    });
  }

  const record = settle(found, keyring, now, policy.lockout);
  const nextSend = nextSendOf(record, ports);
  if (nextSend > now) return { outcome: { kind: 'rate-limited', retryAt: nextSend } };
  const profile = profileOf('', record, keyring, ports, challenge.purpose);
  const destination = profile.destination(wanted);
  const kind = addressKindOf(wanted);
  const { expiresAt, send, guesses } = challenge;
  const sendsInRow = challenge.sendsInRow + 1;
  const next: OtpChallenge = {
    ...challenge,
    settled: guesses.length,
    methods: challenge.methods.includes(wanted)
      ? challenge.methods
      : switchable(profile, wanted, challenge.purpose, ports),
    // A decoy keeps the mask it showed at the start: that one was made from the name, which is not known here.
    masked: destination.genuine ? { ...challenge.masked, [kind]: destination.masked } : challenge.masked,
    send: newSend(send.sequence + 1, wanted, guesses.length, { record, profile, expiresAt, now, ports }),
    sendsInRow,
    resendAt: now + gapMilliseconds(sendsInRow, policy.sends),
  };
  const challenges = { ...record.challenges, [slot]: next };
  return answered({ ...countSend(record, now, ports), challenges }, request.idempotency, viewOf(next), now, {
    send: {
      challenge: next,
      counter: destination.counter(),
      reservation: reservationOf(slot, challenge, record, keyring),
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
  if (policy.mode === 'DirectFidoAuth') return { kind: 'fallback-disabled' };
  const address = readChallengeId(request.challengeId);
  if (address?.kind !== 'otp') return { kind: 'challenge-closed' };
  const offered = offeredMethods(policy, ports.voice, address.purpose);
  if (request.method !== undefined && !offered.includes(request.method)) {
    return { kind: 'method-unavailable' };
  }
  const slot = slotOf(request.client, address.purpose);
  return decideAndSend(address.locator, ports, (record, now) =>
    decideResend(record, slot, request, now, ports),
  );
}
