/** Sending a code: counted first, then written, then queued. */
import { sendWindows } from '../limits/send-windows.ts';
import type { OtpMessage } from '../queues/messages.ts';
import { challengeKeyOf, type OtpChallenge } from '../user-record/challenge.ts';
import { updateUser } from '../user-record/update-user.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import type { UserStore } from '../user-record/user-store.ts';
import type { IssuePorts, RateLimited, SendDecision } from './issue.ts';

/**
 * The destination is counted before the challenge is written: a refusal leaves everything as it was. All who read the
 * same record have the same reservation, so that a lost race is not counted twice. The message is queued afterwards.
 *
 * @param from the record as the caller has just had it
 */
export async function decideAndSend<Outcome>(
  locator: string,
  { users, limiter, clock, policy, queues }: IssuePorts,
  decide: (record: UserRecord, now: number) => SendDecision<Outcome>,
  from?: UserRecord,
): Promise<Outcome | RateLimited> {
  const reserve = async ({ send }: SendDecision<Outcome | RateLimited>): Promise<RateLimited | undefined> => {
    if (send === undefined) return undefined;
    const reserved = await limiter.reserve(
      send.counter,
      send.reservation,
      clock.now(),
      sendWindows(policy.sends),
    );
    return reserved === 'reserved' ? undefined : { kind: 'rate-limited', retryAt: reserved.retryAt };
  };
  const decideNow = (record: UserRecord): SendDecision<Outcome | RateLimited> => decide(record, clock.now());
  const { outcome, decision } = await updateUser(users, locator, decideNow, {
    ...(from === undefined ? {} : { from }),
    limit: reserve,
  });
  const challenge = decision?.send?.challenge ?? decision?.requeue;
  if (challenge === undefined) return outcome;
  try {
    await queues.send(challenge.delivery.method, messageOf(challenge));
  } catch (error) {
    await noteUnanswered(users, locator, challenge).catch(() => undefined); // the caller is told of the first fault
    throw error;
  }
  return outcome;
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
