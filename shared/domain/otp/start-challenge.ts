/** Whether a start opens a new challenge or finds the one that is open. */

import { reconcileAttempts } from '../attempts/reconcile-attempts.ts';
import { viewOf } from '../challenge/challenge-view.ts';
import { winningAttempt } from '../challenge/winning-attempt.ts';
import { profileOf } from '../contact/profile.ts';
import { encrypt } from '../crypto/encryption.ts';
import { newChallengeId, type Purpose } from '../identifiers/challenge-id.ts';
import type { Idempotency } from '../identifiers/request-id.ts';
import { locatorOf } from '../identifiers/user-id.ts';
import { resendCooldownMilliseconds } from '../limits/send-windows.ts';
import { forbidsFallback } from '../policy/fallback.ts';
import { offeredMethods } from '../policy/methods.ts';
import type { Method } from '../policy/policy.ts';
import {
  belongsToRecovery,
  challengeKeyOf,
  type OtpChallenge,
  supersededBy,
} from '../user-record/challenge.ts';
import { replayable } from '../user-record/replays.ts';
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

function decideStart(
  found: UserRecord,
  request: StartRequest,
  now: number,
  ports: IssuePorts,
): SendDecision<StartOutcome> {
  const { policy, keyring } = ports;
  const remembered = repeatReply(found, request.idempotency, now);
  if (remembered) return remembered;
  const record = reconcileAttempts(found, keyring, now, policy.lockout);
  const challengeKey = challengeKeyOf(request.client, request.purpose);
  const previous = record.challenges[challengeKey];
  const unsolved = previous !== undefined && winningAttempt(previous, keyring) === undefined;
  const open = unsolved && previous.expiresAt > now ? previous : undefined;
  const isCoolingDown = unsolved && previous.resendAt > now;
  if (isCoolingDown && open === undefined) {
    return { outcome: { kind: 'rate-limited', retryAt: previous.resendAt } };
  }
  if (isCoolingDown && open?.recovery === request.recovery) {
    const requeue = open && isUntouched(open.delivery) ? open : undefined;
    return answered(record, request.idempotency, viewOf(open as OtpChallenge), now, { requeue });
  }
  // A fault made the workflow open the step again, and the person may be typing its code.
  if (belongsToRecovery(previous, request.recovery) && (open !== undefined || !unsolved)) {
    const requeue = open && isUntouched(open.delivery) ? open : undefined;
    return answered(record, request.idempotency, viewOf(previous), now, { requeue });
  }
  const nextSend = nextSendOf(record, ports);
  if (!isCoolingDown && nextSend > now) return { outcome: { kind: 'rate-limited', retryAt: nextSend } };

  const profile = profileOf(request.userId, record, keyring, ports, request.purpose);
  const method =
    request.method ??
    profile.methods[0] ??
    (offeredMethods(policy, ports.voice, request.purpose)[0] as Method);
  const expiresAt = now + policy.otp.lifetimeSeconds * 1000;
  const sendsInRow = isCoolingDown ? previous.sendsInRow : (open?.sendsInRow ?? 0) + 1;
  const send = newDelivery(1, method, 0, { record, profile, expiresAt, now, ports });
  const challenge: OtpChallenge = {
    id: newChallengeId({ kind: 'otp', purpose: request.purpose, locator: record.locator }),
    client: request.client,
    purpose: request.purpose,
    recovery: request.recovery,
    expiresAt,
    digits: policy.otp.digits,
    maxAttempts: policy.otp.attempts,
    device: request.device === undefined ? undefined : encrypt(request.device, record.locator, keyring),
    locale: request.locale ?? profile.locale ?? ports.defaultLocale,
    methods: switchable(profile, method, request.purpose, ports),
    masked: { phone: profile.destination('SMS').masked, email: profile.destination('Email').masked },
    // In the gap, the code on its way is of another recovery, perhaps on another PC. It must not finish this one, so
    // this challenge has a code of its own; the gap forbids to send it now, so it is `failed` until a resend.
    delivery: isCoolingDown ? { ...send, status: 'failed' } : send,
    sendsInRow,
    resendAt: isCoolingDown ? previous.resendAt : now + resendCooldownMilliseconds(sendsInRow, policy.sends),
    requests: [],
    attempts: [],
    reconciledUpTo: 0,
  };
  const challenges = { ...record.challenges, [challengeKey]: challenge };
  const after = { ...record, challenges, past: replayable(previous, record.past, now) };
  const view = viewOf(challenge);
  const superseded = supersededBy(request.recovery, unsolved ? previous : undefined);
  if (isCoolingDown) return answered(after, request.idempotency, view, now, { changed: true, superseded });
  return answered(countSend(after, now, ports), request.idempotency, view, now, {
    superseded,
    send: {
      challenge,
      counter: profile.destination(method).counter(),
      reservation: reservationOf(challengeKey, previous, record, keyring),
    },
  });
}

interface StartRequest {
  readonly userId: string;
  readonly client: string;
  readonly purpose: Purpose;
  /** The recovery that it is a step of. */
  readonly recovery?: string | undefined;
  readonly method?: Method | undefined;
  readonly locale?: string | undefined;
  /** Its display name, for the person to recognise. */
  readonly device?: string | undefined;
  readonly idempotency?: Idempotency | undefined;
}

/**
 * Starts a challenge. Inside the gap it answers with the one that is open and sends nothing, or for another
 * recovery with a new one whose code leaves with a resend after the gap; after it, a new challenge closes the
 * old one of this user, client and purpose. The step of a recovery that is opened again keeps its challenge.
 * Costs three DynamoDB requests: the user's record is read, the destination's counter and the record are written.
 */
export async function startChallenge(request: StartRequest, ports: IssuePorts): Promise<StartOutcome> {
  const { policy } = ports;
  if (forbidsFallback(policy)) return { kind: 'fallback-disabled' };
  const offered = offeredMethods(policy, ports.voice, request.purpose);
  if (request.method === undefined ? offered.length === 0 : !offered.includes(request.method)) {
    return { kind: 'method-unavailable' };
  }
  const locator = locatorOf(request.userId);
  return decideAndSend(locator, ports, (record, now) => decideStart(record, request, now, ports));
}
