/** Starting a challenge: whether a new one is opened, or the open one is the answer. */
import { isStoppedByPerson, stoppedByPerson } from '../attempts/person-stop.ts';
import { reconcileAttempts } from '../attempts/reconcile-attempts.ts';
import { isOpen, isSolved } from '../challenge/challenge-state.ts';
import { type Cooldown, cooldownOf } from '../challenge/cooldown.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { slotOf } from '../identifiers/challenge-id.ts';
import { nextMessageAt, withMessage } from '../limits/sent-messages.ts';
import { stillThere } from '../names/person.ts';
import { forbidsFallback } from '../policy/fallback.ts';
import { offeredMethods } from '../policy/methods.ts';
import { challengeKeyOf, type OtpChallenge, supersededBy } from '../user-record/challenge.ts';
import { replayable } from '../user-record/replays.ts';
import { withChallenge } from '../user-record/slots.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import type { IssuePorts, SendDecision, StartOutcome } from './issue.ts';
import { newChallenge, type StartRequest } from './new-challenge.ts';
import { answered, mayBeLost, placeOf, repeatReply, reservationOf } from './next-delivery.ts';
import { decideAndSend } from './send-code.ts';

/**
 * During the resend cooldown the session's open challenge is the answer, and nothing is sent; a session without one has
 * to wait. A recovery's step waits for nobody: its challenge is opened, and a resend sends the first code after the
 * cooldown. After it, a new challenge closes the old one of its session. A step that is opened again keeps its own.
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
  const remembered = repeatReply(found, request.idempotency, now, keyring);
  if (remembered) return remembered;
  if (isStoppedByPerson(found)) return { outcome: stoppedByPerson };
  const record = reconcileAttempts(found, keyring, now, policy.lockout);
  const own = record.challenges[challengeKeyOf(request.client, { ...request, slot: slotOf(request) })];
  const cooldown = cooldownOf(record, request, now, keyring);
  const isCoolingDown = cooldown.until > now;
  const isOwnOpen = own !== undefined && isOpen(own, now, keyring);
  if (request.recovery !== undefined) {
    // A fault made the workflow open the step again, perhaps after the person had typed its code.
    if (own && (isOwnOpen || isSolved(own, keyring)))
      return openAgain(record, own, request, now, cooldown, keyring);
    if (isCoolingDown) return openUnsent(record, request, now, ports, cooldown);
  } else if (isCoolingDown) {
    if (isOwnOpen) return openAgain(record, own, request, now, cooldown, keyring);
    return { outcome: { kind: 'rate-limited', retryAt: cooldown.until } };
  }
  return openNew(record, request, now, ports, cooldown);
}

/** The open challenge is the answer. Its message is queued again where none may have reached the worker. */
function openAgain(
  record: UserRecord,
  open: OtpChallenge,
  { idempotency }: StartRequest,
  now: number,
  { until: resendAt }: Cooldown,
  keyring: Keyring,
): SendDecision<StartOutcome> {
  const requeue = mayBeLost(open.delivery) ? open : undefined;
  return answered(record, { challenge: open, idempotency, resendAt }, now, keyring, { requeue });
}

/**
 * The code on its way belongs to another recovery, perhaps on another PC, and must not finish this one. So this
 * challenge has a code of its own, which the cooldown forbids to send now.
 */
function openUnsent(
  record: UserRecord,
  request: StartRequest,
  now: number,
  ports: IssuePorts,
  { until, sendsInRow }: Cooldown,
): SendDecision<StartOutcome> {
  const { challenge } = newChallenge(record, request, now, ports, sendsInRow);
  const delivery = { ...challenge.delivery, status: 'not-sent' } as const;
  const unsent = { ...challenge, delivery, resendAt: until };
  const { after, superseded } = opened(record, unsent, now, ports.keyring);
  const shown = { challenge: unsent, idempotency: request.idempotency };
  return answered(after, shown, now, ports.keyring, { changed: true, superseded });
}

function openNew(
  record: UserRecord,
  request: StartRequest,
  now: number,
  ports: IssuePorts,
  { sendsInRow }: Cooldown,
): SendDecision<StartOutcome> {
  const { sends } = ports.policy;
  const { challenge, destination } = newChallenge(record, request, now, ports, sendsInRow + 1);
  const counter = destination.counter();
  const place = placeOf(request, counter);
  const allowedAt = nextMessageAt(record.sent, place, sends);
  if (allowedAt > now) return { outcome: { kind: 'rate-limited', retryAt: allowedAt } };
  const { after, superseded } = opened(record, challenge, now, ports.keyring);
  const counted = { ...after, sent: withMessage(after.sent, place, now, sends) };
  return answered(counted, { challenge, idempotency: request.idempotency }, now, ports.keyring, {
    superseded,
    send: {
      challenge,
      counter,
      reservation: reservationOf(record, request, ports.keyring),
    },
  });
}

function opened(record: UserRecord, challenge: OtpChallenge, now: number, keyring: Keyring) {
  const isOver = (other: OtpChallenge) => !isOpen(other, now, keyring);
  const { challenges, gone } = withChallenge(record.challenges, challenge, isOver);
  const unanswered = gone.filter((other) => !isSolved(other, keyring));
  return {
    after: { ...record, challenges, past: replayable(gone, record.past, now) },
    superseded: supersededBy(challenge.recovery, unanswered),
  };
}
