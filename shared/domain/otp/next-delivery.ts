/** What a start and a resend share: the new delivery, the remembered reply, the reservation of the destination. */
import { randomBytes } from 'node:crypto';
import { lockAt } from '../attempts/lockout.ts';
import { viewOf } from '../challenge/challenge-view.ts';
import { openMask, sealMask } from '../challenge/masks.ts';
import type { Profile, ProfileSettings } from '../contact/profile.ts';
import { hmac128, type Keyring } from '../crypto/keyring.ts';
import type { Purpose } from '../identifiers/challenge-id.ts';
import { doorOf } from '../identifiers/client.ts';
import type { Idempotency } from '../identifiers/request-id.ts';
import { destinationMark, type MessagePlace } from '../limits/sent-messages.ts';
import { addressKindOf, offeredMethods } from '../policy/methods.ts';
import type { Method } from '../policy/policy.ts';
import type { ChallengeView, Delivery, OtpChallenge, Superseded } from '../user-record/challenge.ts';
import { recallReply, rememberReply } from '../user-record/replays.ts';
import { challengesOf, type Group } from '../user-record/slots.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import type { IssuePorts, SendDecision, StartOutcome } from './issue.ts';

/** A code that a wait leaves less time than this is not worth sending. */
const leastUsableMilliseconds = 30_000;

interface Answering extends Pick<SendDecision<StartOutcome>, 'send' | 'requeue'> {
  readonly changed?: boolean;
  readonly superseded?: Superseded | undefined;
}

interface Answered {
  readonly challenge: OtpChallenge;
  readonly idempotency: Idempotency | undefined;
  /** When the cooldown ends, where another session began it; epoch milliseconds. */
  readonly resendAt?: number;
}

/** The decision to answer with a challenge, remembered under the request's key if it has one. */
export function answered(
  record: UserRecord,
  { challenge, idempotency, resendAt }: Answered,
  now: number,
  keyring: Keyring,
  { changed, superseded, ...messages }: Answering,
): SendDecision<StartOutcome> {
  const { locator } = record;
  const view = viewOf(challenge, locator, keyring, resendAt);
  const outcome = { kind: 'challenge', view, superseded } as const;
  // A request that changed nothing needs no memory: its repetition finds the same challenge.
  if (!messages.send && !changed) return { outcome, ...messages };
  if (idempotency === undefined) return { outcome, after: record, ...messages };
  const kept = { ...view, destination: sealMask(view.destination, locator, keyring) };
  return { outcome, after: rememberReply(record, idempotency, kept, now), ...messages };
}

export function repeatReply(
  record: UserRecord,
  idempotency: Idempotency | undefined,
  now: number,
  keyring: Keyring,
): SendDecision<StartOutcome> | undefined {
  const reply = recallReply(record, idempotency, now);
  if (reply === undefined) return undefined;
  if (reply.body !== idempotency?.body) return { outcome: { kind: 'conflict' } };
  const kept = reply.view as ChallengeView; // the key is bound to the path, and only this module answers there
  const view = { ...kept, destination: openMask(kept.destination, record.locator, keyring) };
  const requeue = Object.values(record.challenges).find(
    ({ id, delivery }) => id === view.challengeId && mayBeLost(delivery),
  );
  return { outcome: { kind: 'challenge', view }, requeue };
}

export function newDelivery(
  sequence: number,
  method: Method,
  attemptsBefore: number,
  context: {
    readonly client: string;
    readonly record: UserRecord;
    readonly profile: Profile;
    readonly expiresAt: number;
    readonly now: number;
    readonly ports: IssuePorts;
  },
): Delivery {
  const { client, record, profile, expiresAt, now, ports } = context;
  const lock = lockAt(client, record, now, ports.policy.lockout);
  // Nothing is sent that nobody could use: not while the user is locked, nor when the wait outlasts the code.
  const usable =
    lock.kind === 'none' || (lock.kind === 'throttled' && lock.until + leastUsableMilliseconds <= expiresAt);
  return {
    sequence,
    method,
    nonce: randomBytes(16).toString('base64url'),
    key: ports.keyring.current,
    at: now,
    attemptsBefore,
    isDeliverable: usable && profile.destination(method).isDeliverable,
    status: 'queued',
  };
}

/** Where the record counts a message. */
export function placeOf({ client, purpose }: Group, counter: string): MessagePlace {
  return { door: doorOf(client, purpose), to: destinationMark(counter) };
}

/** The methods a person may switch to. The one in use is among them even where the user has no address for it. */
export function switchable(
  profile: Profile,
  inUse: Method,
  purpose: Purpose,
  { policy, voice }: ProfileSettings,
): readonly Method[] {
  const known = profile.methods;
  // Of an address that the user does not have, all methods, as of any number.
  const hasAddress = known.some((method) => addressKindOf(method) === addressKindOf(inUse));
  return offeredMethods(policy, voice, purpose).filter(
    (method) =>
      known.includes(method) ||
      method === inUse ||
      (!hasAddress && addressKindOf(method) === addressKindOf(inUse)),
  );
}

/** Names the next message of a client and purpose: of racing requests, whichever their sessions, one sends it. */
export function reservationOf({ locator, challenges }: UserRecord, group: Group, keyring: Keyring): string {
  const sent = challengesOf(challenges, group).map(({ id, delivery }) => `${id} ${delivery.sequence}`);
  const state = [locator, group.purpose, group.client, ...sent.toSorted()];
  return hmac128(keyring.key('idempotency', keyring.first), ...state);
}

/** Whether the message may have been lost before any worker took it. */
export function mayBeLost({ status, tries }: Delivery): boolean {
  return status === 'queued' && tries === undefined;
}
