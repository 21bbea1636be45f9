/** Resending: whether a challenge gets a new code, and by which method. */
import { isStoppedByPerson, stoppedByPerson } from '../attempts/person-stop.ts';
import { reconcileAttempts } from '../attempts/reconcile-attempts.ts';
import { isExhausted, isOpen } from '../challenge/challenge-state.ts';
import { cooldownOf } from '../challenge/cooldown.ts';
import { decryptMasks, encryptMasks } from '../challenge/masks.ts';
import { type Destination, profileOf } from '../contact/profile.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { readChallengeId } from '../identifiers/challenge-id.ts';
import type { Idempotency } from '../identifiers/request-id.ts';
import { resendCooldownMilliseconds } from '../limits/send-windows.ts';
import { nextMessageAt, withMessage } from '../limits/sent-messages.ts';
import { forbidsFallback } from '../policy/fallback.ts';
import { addressKindOf, offeredMethods } from '../policy/methods.ts';
import type { Method } from '../policy/policy.ts';
import { challengeKeyOf, type OtpChallenge } from '../user-record/challenge.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import type { IssuePorts, SendDecision, StartOutcome } from './issue.ts';
import {
  answered,
  mayBeLost,
  newDelivery,
  placeOf,
  repeatReply,
  reservationOf,
  switchable,
} from './next-delivery.ts';
import { decideAndSend } from './send-code.ts';

interface ResendRequest {
  readonly challengeId: string;
  readonly client: string;
  readonly method?: Method | undefined;
  readonly idempotency?: Idempotency | undefined;
}

export type ResendOutcome = StartOutcome | { readonly kind: 'challenge-closed' };

/** Sends a new code for an open challenge. The old code no longer works; attempts and expiry stay. */
export async function resendCode(request: ResendRequest, ports: IssuePorts): Promise<ResendOutcome> {
  const { policy } = ports;
  if (forbidsFallback(policy)) return { kind: 'fallback-disabled' };
  const address = readChallengeId(request.challengeId);
  if (address?.kind !== 'otp' || address.purpose === 'caller') return { kind: 'challenge-closed' };
  const offered = offeredMethods(policy, ports.voice, address.purpose);
  if (request.method !== undefined && !offered.includes(request.method)) {
    return { kind: 'method-unavailable' };
  }
  const challengeKey = challengeKeyOf(request.client, address);
  return decideAndSend(address.locator, ports, (record, now) =>
    decideResend(record, challengeKey, request, now, ports),
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
  // Before the challenge is looked at: another one may have superseded it since, and a repetition is answered alike.
  const remembered = repeatReply(found, request.idempotency, now, keyring);
  if (remembered) return remembered;
  if (isStoppedByPerson(found)) return { outcome: stoppedByPerson };
  if (challenge?.id !== request.challengeId || !isOpen(challenge, now, keyring)) {
    return { outcome: { kind: 'challenge-closed' } };
  }
  if (isExhausted(challenge)) return { outcome: { kind: 'attempts-exhausted', reason: 'challenge' } };
  const wanted = request.method ?? challenge.delivery.method;
  // A deployment may have ruled out the challenge's own method since: a code would never leave by it.
  if (!offeredMethods(policy, ports.voice, challenge.purpose).includes(wanted)) {
    return { outcome: { kind: 'method-unavailable' } };
  }
  const cooldown = cooldownOf(found, challenge, now, keyring);
  if (cooldown.until > now) {
    const isRepetition = wanted === challenge.delivery.method && mayBeUnanswered(challenge, now);
    return isRepetition
      ? sendSameAgain(found, challenge, request, now, cooldown.until, keyring)
      : { outcome: { kind: 'rate-limited', retryAt: cooldown.until } };
  }
  const record = reconcileAttempts(found, keyring, now, policy.lockout);
  const sendsInRow = cooldown.sendsInRow + 1;
  const { next, destination } = withNewCode(record, { ...challenge, sendsInRow }, wanted, now, ports);
  const counter = destination.counter();
  const place = placeOf(challenge, counter);
  const allowedAt = nextMessageAt(record.sent, place, policy.sends);
  if (allowedAt > now) return { outcome: { kind: 'rate-limited', retryAt: allowedAt } };
  const sent = withMessage(record.sent, place, now, policy.sends);
  const after = withChallenge({ ...record, sent }, next);
  return answered(after, { challenge: next, idempotency: request.idempotency }, now, keyring, {
    send: {
      challenge: next,
      counter,
      reservation: reservationOf(record, challenge, keyring),
    },
  });
}

/**
 * How long a worker has to take a queued message. One that nobody took by then counts as never queued. `Retry-After: 1`
 * makes a client whose request met a fault wait as long.
 */
const takenWithinMilliseconds = 1_000;

/**
 * Whether the client may have had no answer for this delivery: queueing it failed, or no worker took it in time. A resend
 * during the cooldown is then a repetition. It gets the same delivery again, and no new code.
 */
function mayBeUnanswered({ delivery, unanswered }: OtpChallenge, now: number): boolean {
  const isLate = now >= delivery.at + takenWithinMilliseconds;
  return unanswered === delivery.sequence || (mayBeLost(delivery) && isLate);
}

function sendSameAgain(
  found: UserRecord,
  challenge: OtpChallenge,
  { idempotency }: ResendRequest,
  now: number,
  resendAt: number,
  keyring: Keyring,
): SendDecision<ResendOutcome> {
  const after = withChallenge(found, { ...challenge, unanswered: 0 });
  const requeue = mayBeLost(challenge.delivery) ? challenge : undefined;
  return answered(after, { challenge, idempotency, resendAt }, now, keyring, { requeue, changed: true });
}

function withNewCode(
  record: UserRecord,
  challenge: OtpChallenge,
  method: Method,
  now: number,
  ports: IssuePorts,
): { readonly next: OtpChallenge; readonly destination: Destination } {
  const { client, purpose, expiresAt, delivery, attempts, methods, masked } = challenge;
  const profile = profileOf('', record, ports.keyring, ports, purpose, now);
  const destination = profile.destination(method);
  const { locator } = record;
  const { keyring } = ports;
  const masks = decryptMasks(masked, locator, keyring);
  const context = { client, record, profile, expiresAt, now, ports };
  const next: OtpChallenge = {
    ...challenge,
    reconciledUpTo: attempts.length,
    methods: methods.includes(method) ? methods : switchable(profile, method, purpose, ports),
    // A decoy keeps the mask that it showed at the start: that one was made from the name, which is not known here.
    masked: destination.isDeliverable
      ? encryptMasks({ ...masks, [addressKindOf(method)]: destination.masked }, locator, keyring)
      : masked,
    delivery: newDelivery(delivery.sequence + 1, method, attempts.length, context),
    resendAt: now + resendCooldownMilliseconds(challenge.sendsInRow, ports.policy.sends),
  };
  return { next, destination };
}

function withChallenge(record: UserRecord, challenge: OtpChallenge): UserRecord {
  const challengeKey = challengeKeyOf(challenge.client, challenge);
  return { ...record, challenges: { ...record.challenges, [challengeKey]: challenge } };
}
