/** Starting and resending a challenge: what is decided, in which order, and what one write makes true. */
import { randomBytes } from 'node:crypto';
import { newChallengeId, type Purpose, readChallengeId } from './challenge-id.ts';
import { offeredMethods } from './contact.ts';
import { type Idempotency, recallReply, rememberedFor, rememberReply, replayable } from './idempotency.ts';
import { type Keyring, keyed } from './keyring.ts';
import { lockOf } from './lockout.ts';
import type { Method } from './policy.ts';
import type { Clock, DeliveryQueues, OtpMessage, SendCounters, UserStore } from './ports.ts';
import { type Profile, type ProfileSettings, profileOf } from './profile.ts';
import { addressKindOf, gapMilliseconds, sendWindows } from './sends.ts';
import { type Decision, updateUser } from './update-user.ts';
import { locatorOf } from './user-id.ts';
import {
  type ChallengeView,
  findChallenge,
  type OtpChallenge,
  type Send,
  settle,
  slotOf,
  type UserRecord,
  viewOf,
  winningGuess,
} from './user-record.ts';

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
  | { readonly kind: 'challenge'; readonly view: ChallengeView }
  | { readonly kind: 'fallback-disabled' | 'method-unavailable' | 'conflict' }
  | RateLimited;

export type ResendOutcome = StartOutcome | { readonly kind: 'challenge-closed' | 'attempts-exhausted' };

interface SendDecision<Outcome> extends Decision<Outcome> {
  /** A new message: counted before the write, queued after it. */
  readonly send?: {
    readonly challenge: OtpChallenge;
    readonly counter: string;
    readonly reservation: string;
  };
  /** A message that may never have reached its queue; the worker sends it once, however often it is queued. */
  readonly requeue?: OtpChallenge | undefined;
}

const usableFor = 30_000; // a code that a wait leaves less time than this is not worth sending

/**
 * Starts a challenge. Inside the gap it answers with the one that is open and sends nothing; after it, a new
 * challenge closes the old one of this user, client and purpose. Costs three DynamoDB requests: the user's
 * record is read, the destination's counter and the record are written.
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
    await noteUnqueued(users, locator, challenge).catch(() => undefined); // the caller is told of the first fault
    throw error;
  }
  return outcome;
}

/** Lets the same resend be asked for again although its gap has begun: nothing left the house. */
async function noteUnqueued(users: UserStore, locator: string, { id, client, purpose, send }: OtpChallenge) {
  const slot = slotOf(client, purpose);
  await updateUser(users, locator, (record) => {
    const found = record.challenges[slot];
    if (found?.id !== id || found.send.sequence !== send.sequence || found.send.delivery !== 'queued') {
      return { outcome: undefined };
    }
    const noted = { ...found, send: { ...found.send, unqueued: true } };
    return { outcome: undefined, after: { ...record, challenges: { ...record.challenges, [slot]: noted } } };
  });
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
  const record = settle(found, keyring, now, policy.lockout);
  const slot = slotOf(request.client, request.purpose);
  const previous = record.challenges[slot];
  const unsolved = previous !== undefined && winningGuess(previous, keyring) === undefined;
  const open = unsolved && previous.expiresAt > now ? previous : undefined;
  if (unsolved && previous.resendAt > now) {
    if (open === undefined) return { outcome: { kind: 'rate-limited', retryAt: previous.resendAt } };
    // Another recovery of the same person and client takes over the code that is on its way.
    const taken = { ...open, recovery: request.recovery };
    const view = viewOf(open);
    const requeue = open.send.delivery === 'queued' ? open : undefined;
    const owned = open.recovery === request.recovery ? record : withChallenge(record, slot, taken);
    return answered(owned, request.idempotency, view, now, { requeue, changed: owned !== record });
  }

  const profile = profileOf(request.userId, record, keyring, ports, request.purpose);
  const method =
    request.method ??
    profile.methods[0] ??
    (offeredMethods(policy, ports.voice, request.purpose)[0] as Method);
  const expiresAt = now + policy.otp.lifetimeSeconds * 1000;
  const sendsInRow = (open?.sendsInRow ?? 0) + 1;
  const challenge: OtpChallenge = {
    id: newChallengeId({ kind: 'otp', purpose: request.purpose, locator: record.locator }),
    client: request.client,
    purpose: request.purpose,
    recovery: request.recovery,
    expiresAt,
    digits: policy.otp.digits,
    attempts: policy.otp.attempts,
    locale: request.locale ?? profile.locale ?? ports.defaultLocale,
    methods: switchable(profile, method, request.purpose, ports),
    masked: { phone: profile.destination('SMS').masked, email: profile.destination('Email').masked },
    send: newSend(1, method, 0, { record, profile, expiresAt, now, ports }),
    sendsInRow,
    resendAt: now + gapMilliseconds(sendsInRow, policy.sends),
    requests: [],
    guesses: [],
    settled: 0,
  };
  const challenges = { ...record.challenges, [slot]: challenge };
  return answered(
    { ...record, challenges, past: replayable(previous, record, now) },
    request.idempotency,
    viewOf(challenge),
    now,
    {
      send: {
        challenge,
        counter: profile.destination(method).counter(),
        reservation: reservationOf(slot, previous, record, keyring),
      },
    },
  );
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
  if (findChallenge(found, slot, request.challengeId) === undefined)
    return { outcome: { kind: 'challenge-closed' } };
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
  if (challenge.resendAt > now) {
    const { unqueued = false, delivery, method } = challenge.send;
    const repeated = unqueued && delivery === 'queued' && (request.method ?? method) === method;
    if (!repeated) return { outcome: { kind: 'rate-limited', retryAt: challenge.resendAt } };
    return answered(found, request.idempotency, viewOf(challenge), now, { requeue: challenge });
  }

  const record = settle(found, keyring, now, policy.lockout);
  const profile = profileOf('', record, keyring, ports, challenge.purpose);
  const method = request.method ?? challenge.send.method;
  const destination = profile.destination(method);
  const kind = addressKindOf(method);
  const { expiresAt, send, guesses } = challenge;
  const sendsInRow = challenge.sendsInRow + 1;
  const next: OtpChallenge = {
    ...challenge,
    settled: guesses.length,
    methods: challenge.methods.includes(method)
      ? challenge.methods
      : switchable(profile, method, challenge.purpose, ports),
    // A decoy keeps the mask it showed at the start: that one was made from the name, which is not known here.
    masked: destination.genuine ? { ...challenge.masked, [kind]: destination.masked } : challenge.masked,
    send: newSend(send.sequence + 1, method, guesses.length, { record, profile, expiresAt, now, ports }),
    sendsInRow,
    resendAt: now + gapMilliseconds(sendsInRow, policy.sends),
  };
  const challenges = { ...record.challenges, [slot]: next };
  return answered({ ...record, challenges }, request.idempotency, viewOf(next), now, {
    send: {
      challenge: next,
      counter: destination.counter(),
      reservation: reservationOf(slot, challenge, record, keyring),
    },
  });
}

function withChallenge(record: UserRecord, slot: string, challenge: OtpChallenge): UserRecord {
  return { ...record, challenges: { ...record.challenges, [slot]: challenge } };
}

/** The decision to answer with a challenge, remembered under the request's key where it has one. */
function answered(
  record: UserRecord,
  idempotency: Idempotency | undefined,
  view: ChallengeView,
  now: number,
  {
    changed,
    ...messages
  }: Pick<SendDecision<StartOutcome>, 'send' | 'requeue'> & { readonly changed?: boolean },
): SendDecision<StartOutcome> {
  const outcome = { kind: 'challenge', view } as const;
  if (idempotency === undefined)
    return { outcome, ...messages, ...(messages.send || changed ? { after: record } : {}) };
  const after = rememberReply(record, idempotency, view, now);
  if (after === undefined) return { outcome: { kind: 'rate-limited', retryAt: now + rememberedFor } };
  return { outcome, after, ...messages };
}

function repeatReply(
  record: UserRecord,
  idempotency: Idempotency | undefined,
  now: number,
): SendDecision<StartOutcome> | undefined {
  const reply = recallReply(record, idempotency, now);
  if (reply === undefined) return undefined;
  if (reply.body !== idempotency?.body) return { outcome: { kind: 'conflict' } };
  const view = reply.view as ChallengeView; // the key is bound to the path, and only this module answers there
  const requeue = Object.values(record.challenges).find(
    ({ id, send }) => id === view.challengeId && send.delivery === 'queued',
  );
  return { outcome: { kind: 'challenge', view }, requeue };
}

function newSend(
  sequence: number,
  method: Method,
  firstGuess: number,
  context: {
    readonly record: UserRecord;
    readonly profile: Profile;
    readonly expiresAt: number;
    readonly now: number;
    readonly ports: IssuePorts;
  },
): Send {
  const { record, profile, expiresAt, now, ports } = context;
  const lock = lockOf(record, now, ports.policy.lockout);
  // Nothing is sent that could not be used: not while the fallback is stopped, nor when the wait outlasts the code.
  const usable = lock.kind === 'none' || (lock.kind === 'wait' && lock.until + usableFor <= expiresAt);
  return {
    sequence,
    method,
    nonce: randomBytes(16).toString('base64url'),
    key: ports.keyring.current,
    at: now,
    firstGuess,
    genuine: usable && profile.destination(method).genuine,
    delivery: 'queued',
  };
}

/** The methods a person may switch to, the one in use among them even where the user has no address for it. */
function switchable(
  profile: Profile,
  inUse: Method,
  purpose: Purpose,
  { policy, voice }: ProfileSettings,
): readonly Method[] {
  const kinds = new Set([...profile.methods, inUse].map(addressKindOf));
  return offeredMethods(policy, voice, purpose).filter((method) => kinds.has(addressKindOf(method)));
}

function reservationOf(
  slot: string,
  previous: OtpChallenge | undefined,
  { locator }: UserRecord,
  keyring: Keyring,
): string {
  const state = [locator, slot, previous?.id ?? '', String(previous?.send.sequence ?? 0)];
  return keyed(keyring.key('idempotency', keyring.first), ...state)
    .subarray(0, 16)
    .toString('base64url');
}

function messageOf({ id, client, purpose, send }: OtpChallenge): OtpMessage {
  return { kind: 'otp', challengeId: id, slot: slotOf(client, purpose), sequence: send.sequence };
}
