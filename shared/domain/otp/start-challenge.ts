/** Starting a challenge: whether a new one is opened, or the open one is the answer. */
import { reconcileAttempts } from '../attempts/reconcile-attempts.ts';
import { isOpen, isSolved } from '../challenge/challenge-state.ts';
import { viewOf } from '../challenge/challenge-view.ts';
import { stillThere } from '../names/person.ts';
import { forbidsFallback } from '../policy/fallback.ts';
import { offeredMethods } from '../policy/methods.ts';
import {
  belongsToRecovery,
  challengeKeyOf,
  type OtpChallenge,
  supersededBy,
} from '../user-record/challenge.ts';
import { replayable } from '../user-record/replays.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import type { IssuePorts, SendDecision, StartOutcome } from './issue.ts';
import { newChallenge, type StartRequest } from './new-challenge.ts';
import {
  answered,
  countMessage,
  mayBeLost,
  nextMessageAt,
  repeatReply,
  reservationOf,
} from './next-delivery.ts';
import { decideAndSend } from './send-code.ts';

/**
 * During the resend cooldown the open challenge is the answer, and nothing is sent. If that one belongs to another
 * recovery, a new one is opened, whose first code a resend sends after the cooldown. Otherwise a new challenge closes
 * the old one of this user, client and purpose. A recovery's step that is opened again keeps its challenge.
 *
 * Two DynamoDB requests for a person who was found: the destination's counter and the record are written.
 */
export async function startChallenge(request: StartRequest, ports: IssuePorts): Promise<StartOutcome> {
  const { policy } = ports;
  if (forbidsFallback(policy)) return { kind: 'fallback-disabled' };
  const offered = offeredMethods(policy, ports.voice, request.purpose);
  if (request.method === undefined ? offered.length === 0 : !offered.includes(request.method)) {
    return { kind: 'method-unavailable' };
  }
  const { person } = request;
  const decide = (record: UserRecord, now: number) =>
    decideStart(stillThere(person, record), request, now, ports);
  return decideAndSend(person.key, ports, decide, person.record);
}

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
  const previous = record.challenges[challengeKeyOf(request.client, request.purpose)];
  if (previous === undefined || isSolved(previous, keyring)) {
    // A fault made the workflow open the step again, after the person had typed its code.
    if (belongsToRecovery(previous, request.recovery))
      return answered(record, request.idempotency, viewOf(previous), now, {});
    return openNew(record, { previous, unsolved: undefined }, request, now, ports);
  }
  const isCoolingDown = previous.resendAt > now;
  const isItsOwn = previous.recovery === request.recovery;
  if (!isOpen(previous, now, keyring)) {
    if (isCoolingDown) return { outcome: { kind: 'rate-limited', retryAt: previous.resendAt } };
  } else if (isItsOwn && (isCoolingDown || request.recovery !== undefined)) {
    return openAgain(record, previous, request, now);
  } else if (isCoolingDown) {
    return openUnsent(record, previous, request, now, ports);
  }
  return openNew(record, { previous, unsolved: previous }, request, now, ports);
}

/** The open challenge is the answer. Its message is queued again where none may have reached the worker. */
function openAgain(
  record: UserRecord,
  open: OtpChallenge,
  { idempotency }: StartRequest,
  now: number,
): SendDecision<StartOutcome> {
  const requeue = mayBeLost(open.delivery) ? open : undefined;
  return answered(record, idempotency, viewOf(open), now, { requeue });
}

/**
 * The code on its way belongs to another recovery, perhaps on another PC, and must not finish this one. So this
 * challenge has a code of its own, which the cooldown forbids to send now.
 */
function openUnsent(
  record: UserRecord,
  previous: OtpChallenge,
  request: StartRequest,
  now: number,
  ports: IssuePorts,
): SendDecision<StartOutcome> {
  const { challenge } = newChallenge(record, request, now, ports, previous.sendsInRow);
  const delivery = { ...challenge.delivery, status: 'not-sent' } as const;
  const unsent = { ...challenge, delivery, resendAt: previous.resendAt };
  const superseded = supersededBy(request.recovery, previous);
  const after = withChallenge(record, unsent, previous, now);
  return answered(after, request.idempotency, viewOf(unsent), now, { changed: true, superseded });
}

interface Before {
  readonly previous: OtpChallenge | undefined;
  /** The same, when nobody has given its code. */
  readonly unsolved: OtpChallenge | undefined;
}

function openNew(
  record: UserRecord,
  { previous, unsolved }: Before,
  request: StartRequest,
  now: number,
  ports: IssuePorts,
): SendDecision<StartOutcome> {
  const { keyring } = ports;
  const allowedAt = nextMessageAt(record, ports);
  if (allowedAt > now) return { outcome: { kind: 'rate-limited', retryAt: allowedAt } };
  const sendsBefore = unsolved && unsolved.expiresAt > now ? unsolved.sendsInRow : 0;
  const { challenge, destination } = newChallenge(record, request, now, ports, sendsBefore + 1);
  const after = countMessage(withChallenge(record, challenge, previous, now), now, ports);
  const challengeKey = challengeKeyOf(request.client, request.purpose);
  return answered(after, request.idempotency, viewOf(challenge), now, {
    superseded: supersededBy(request.recovery, unsolved),
    send: {
      challenge,
      counter: destination.counter(),
      reservation: reservationOf(challengeKey, previous, record, keyring),
    },
  });
}

function withChallenge(
  record: UserRecord,
  challenge: OtpChallenge,
  previous: OtpChallenge | undefined,
  now: number,
): UserRecord {
  const challengeKey = challengeKeyOf(challenge.client, challenge.purpose);
  const challenges = { ...record.challenges, [challengeKey]: challenge };
  return { ...record, challenges, past: replayable(previous, record.past, now) };
}
