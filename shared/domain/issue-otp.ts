/** Starting and resending a challenge: what is decided, in which order, and what one write makes true. */
import { type ChallengeView, type OtpChallenge, type Superseded, slotOf } from './challenge.ts';
import { type Purpose, readChallengeId } from './challenge-id.ts';
import type { Idempotency } from './idempotency.ts';
import type { Keyring } from './keyring.ts';
import { offeredMethods } from './methods.ts';
import type { Method } from './policy.ts';
import type { Clock, DeliveryQueues, OtpMessage, SendCounters, UserStore } from './ports.ts';
import type { ProfileSettings } from './profile.ts';
import { decideResend } from './resend-otp.ts';
import { sendWindows } from './sends.ts';
import { decideStart } from './start-otp.ts';
import { type Decision, updateUser } from './update-user.ts';
import { locatorOf } from './user-id.ts';
import type { UserRecord } from './user-record.ts';

export interface IssuePorts extends ProfileSettings {
  readonly users: UserStore;
  readonly counters: SendCounters;
  readonly queues: DeliveryQueues;
  readonly clock: Clock;
  readonly keyring: Keyring;
  readonly defaultLocale: string;
}

export interface StartRequest {
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

export interface ResendRequest {
  readonly challengeId: string;
  readonly client: string;
  readonly method?: Method | undefined;
  readonly idempotency?: Idempotency | undefined;
}

interface RateLimited {
  readonly kind: 'rate-limited';
  /** Epoch milliseconds. */
  readonly retryAt: number;
}

export type StartOutcome =
  /** `superseded`: the challenge of another recovery, which this one took the place of. */
  | { readonly kind: 'challenge'; readonly view: ChallengeView; readonly superseded?: Superseded | undefined }
  | { readonly kind: 'fallback-disabled' | 'method-unavailable' | 'conflict' }
  | RateLimited;

export type ResendOutcome = StartOutcome | { readonly kind: 'challenge-closed' | 'attempts-exhausted' };

export interface SendDecision<Outcome> extends Decision<Outcome> {
  /** A new message: counted before the write, queued after it. */
  readonly send?: {
    readonly challenge: OtpChallenge;
    readonly counter: string;
    readonly reservation: string;
  };
  /** A message that may never have reached its queue; the worker sends it once, however often it is queued. */
  readonly requeue?: OtpChallenge | undefined;
}

/**
 * Starts a challenge. Inside the gap it answers with the one that is open and sends nothing, or for another
 * recovery with a new one whose code leaves with a resend after the gap; after it, a new challenge closes the
 * old one of this user, client and purpose. The step of a recovery that is opened again keeps its challenge.
 * Costs three DynamoDB requests: the user's record is read, the destination's counter and the record are written.
 */
export async function startChallenge(request: StartRequest, ports: IssuePorts): Promise<StartOutcome> {
  const { policy } = ports;
  if (policy.mode === 'DirectFidoAuth') return { kind: 'fallback-disabled' };
  const offered = offeredMethods(policy, ports.voice, request.purpose);
  if (request.method === undefined ? offered.length === 0 : !offered.includes(request.method)) {
    return { kind: 'method-unavailable' };
  }
  const locator = locatorOf(request.userId);
  return decideAndSend(locator, ports, (record, now) => decideStart(record, request, now, ports));
}

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

/**
 * Counted before the challenge exists: a refusal leaves everything as it was, and a lost race does not pay
 * twice because the reservation is the same for all who read the same record. Queued after it exists.
 */
async function decideAndSend<Outcome>(
  locator: string,
  { users, counters, clock, policy, queues }: IssuePorts,
  decide: (record: UserRecord, now: number) => SendDecision<Outcome>,
): Promise<Outcome | RateLimited> {
  const reserve = async ({ send }: SendDecision<Outcome | RateLimited>): Promise<RateLimited | undefined> => {
    if (send === undefined) return undefined;
    const reserved = await counters.reserve(
      send.counter,
      send.reservation,
      clock.now(),
      sendWindows(policy.sends),
    );
    return reserved === 'reserved' ? undefined : { kind: 'rate-limited', retryAt: reserved.retryAt };
  };
  const decideNow = (record: UserRecord): SendDecision<Outcome | RateLimited> => decide(record, clock.now());
  const { outcome, decision } = await updateUser(users, locator, decideNow, { before: reserve });
  const challenge = decision?.send?.challenge ?? decision?.requeue;
  if (challenge === undefined) return outcome;
  try {
    await queues.send(challenge.send.method, messageOf(challenge));
  } catch (error) {
    await noteUnanswered(users, locator, challenge).catch(() => undefined); // the caller is told of the first fault
    throw error;
  }
  return outcome;
}

/** Lets the same resend be asked for again although its gap has begun. */
async function noteUnanswered(
  users: UserStore,
  locator: string,
  { id, client, purpose, send }: OtpChallenge,
) {
  const slot = slotOf(client, purpose);
  await updateUser(users, locator, (record) => {
    const found = record.challenges[slot];
    if (found?.id !== id || found.send.sequence !== send.sequence) return { outcome: undefined };
    const noted = { ...found, unanswered: send.sequence };
    return { outcome: undefined, after: { ...record, challenges: { ...record.challenges, [slot]: noted } } };
  });
}

function messageOf({ id, client, purpose, send }: OtpChallenge): OtpMessage {
  return { kind: 'otp', challengeId: id, slot: slotOf(client, purpose), sequence: send.sequence };
}
