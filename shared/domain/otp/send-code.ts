/** Sending a code: its destination is counted, then the challenge is written, then the message is queued. */
import { sendWindows } from '../limits/send-windows.ts';
import type { OtpMessage } from '../queues/messages.ts';
import { challengeKeyOf, type OtpChallenge } from '../user-record/challenge.ts';
import { updateUser } from '../user-record/update-user.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import type { UserStore } from '../user-record/user-store.ts';
import type { IssuePorts, SendDecision } from './issue.ts';

/**
 * The destination is counted before the challenge is written. All who read the same record have the same reservation,
 * so that a lost race is not counted twice. Where the counter is full of what other names had, the client is told
 * nothing: the message is queued as any other, and the worker sends it by the next method.
 *
 * @param from the record as the caller has just had it
 */
export async function decideAndSend<Outcome>(
  locator: string,
  { users, limiter, clock, policy, queues }: IssuePorts,
  decide: (record: UserRecord, now: number) => SendDecision<Outcome>,
  from?: UserRecord,
): Promise<Outcome> {
  const admit = async (decision: SendDecision<Outcome>): Promise<SendDecision<Outcome>> => {
    const { send } = decision;
    if (send === undefined) return decision;
    const windows = sendWindows(policy.sends);
    const hasRoom = await limiter.tryReserve(send.counter, send.reservation, clock.now(), windows);
    return hasRoom ? decision : withoutRoom(decision, send);
  };
  const decideNow = (record: UserRecord): SendDecision<Outcome> => decide(record, clock.now());
  const { outcome, decision } = await updateUser(users, locator, decideNow, {
    ...(from === undefined ? {} : { from }),
    admit,
  });
  const challenge = decision?.send?.challenge ?? decision?.requeue;
  if (challenge === undefined) return outcome;
  try {
    await queues.send(challenge.delivery.method, messageOf(challenge));
  } catch (error) {
    await noteUnanswered(users, locator, challenge).catch(() => undefined); // the client is told of the first fault
    throw error;
  }
  return outcome;
}

/** The same, with a note for the worker that no place was counted for the message. */
function withoutRoom<Outcome>(
  { after, ...decision }: SendDecision<Outcome>,
  { challenge, counter, reservation }: NonNullable<SendDecision<Outcome>['send']>,
): SendDecision<Outcome> {
  const delivery = { ...challenge.delivery, noRoom: { counter, reservation } };
  const challengeKey = challengeKeyOf(challenge.client, challenge);
  const challenges = { ...after?.challenges, [challengeKey]: { ...challenge, delivery } };
  return { ...decision, ...(after ? { after: { ...after, challenges } } : {}) };
}

/** Lets the same resend be asked for again although its cooldown has begun. */
async function noteUnanswered(
  users: UserStore,
  locator: string,
  { id, client, delivery, ...of }: OtpChallenge,
) {
  const challengeKey = challengeKeyOf(client, of);
  await updateUser(users, locator, (record) => {
    const found = record.challenges[challengeKey];
    if (found?.id !== id || found.delivery.sequence !== delivery.sequence) return { outcome: undefined };
    const recorded = { ...found, unanswered: delivery.sequence };
    return {
      outcome: undefined,
      after: { ...record, challenges: { ...record.challenges, [challengeKey]: recorded } },
    };
  });
}

function messageOf(challenge: OtpChallenge): OtpMessage {
  return {
    kind: 'otp',
    challengeId: challenge.id,
    challengeKey: challengeKeyOf(challenge.client, challenge),
    sequence: challenge.delivery.sequence,
  };
}
