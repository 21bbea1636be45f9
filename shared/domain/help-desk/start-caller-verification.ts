/** Asking a caller: a code goes to an address that policy chooses, and the caller reads it to the operator. */
import { randomBytes } from 'node:crypto';
import { reconcileAttempts } from '../attempts/reconcile-attempts.ts';
import { isExhausted, isOpen } from '../challenge/challenge-state.ts';
import { encryptMasks } from '../challenge/masks.ts';
import type { Clock } from '../clock.ts';
import { decryptContact } from '../contact/contact.ts';
import { encrypt } from '../crypto/encryption.ts';
import { hmac128 } from '../crypto/keyring.ts';
import { newChallengeId, slotOf } from '../identifiers/challenge-id.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import { nextSendAt, resendCooldownMilliseconds, sendWindows } from '../limits/send-windows.ts';
import type { NamePorts, Person } from '../names/person.ts';
import type { Policy } from '../policy/policy.ts';
import type { DeliveryQueues } from '../queues/messages.ts';
import { type Language, spokenLanguage } from '../text/language.ts';
import { challengeKeyOf, type OtpChallenge } from '../user-record/challenge.ts';
import { type Decision, updateUser } from '../user-record/update-user.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import { countAct } from './act-limits.ts';
import { type CallerDestination, callerDestination } from './caller-address.ts';
import { isOwnAccount, knownOperator, type NamedOperator, type Operator } from './operator.ts';

export interface CallerPorts extends NamePorts {
  readonly limiter: RateLimiter;
  readonly queues: DeliveryQueues;
  readonly clock: Clock;
  readonly policy: Policy;
  readonly voice: boolean;
  readonly defaultLocale: Language;
}

export interface CallerRequest {
  /** Who is said to call. */
  readonly person: Person;
  readonly operator: NamedOperator;
  readonly request: string;
}

export type CallerOutcome =
  | {
      readonly kind: 'started';
      readonly challengeId: string;
      readonly destination: string;
      readonly expiresAt: number;
    }
  | { readonly kind: 'not-found' | 'method-unavailable' | 'own-account' }
  | { readonly kind: 'rate-limited'; readonly retryAt: number };

/** A caller has the code in front of them; whoever guesses gets no more of them than this. */
const callerAttempts = 3;

/** Of their own: whoever uses up a person's messages must not keep the help desk from asking. */
const callerWindows = [{ limit: 10, milliseconds: 86_400_000 }];

/** When a caller can be asked next, as far as messages to the person go; epoch milliseconds. */
export const nextCallerAt = ({ callerCodes }: UserRecord['helpDesk']): number =>
  nextSendAt(callerCodes, callerWindows);

interface KnownRequest extends CallerRequest {
  readonly operator: Operator;
}

interface CallerDecision extends Decision<CallerOutcome> {
  readonly send?: { readonly challenge: OtpChallenge; readonly to: CallerDestination } | undefined;
  readonly requeue?: OtpChallenge | undefined;
}

/**
 * During the resend cooldown the open verification is the answer. Otherwise a new one closes the old one, whichever
 * client began that. Counted for operator and client, and for the address, before the record is written.
 */
export async function startCallerVerification(
  request: CallerRequest,
  ports: CallerPorts,
): Promise<CallerOutcome> {
  const { users, clock, queues } = ports;
  const { key, record: from } = request.person;
  const operator = await knownOperator(request.operator, ports);
  if (isOwnAccount(operator, request.person)) return { kind: 'own-account' };
  const known = { ...request, operator };
  const decideNow = (record: UserRecord) => decide(record, known, clock.now(), ports);
  const limit = ({ send }: CallerDecision) => (send ? count(send.to, known, ports) : undefinedLater());
  const { outcome, decision } = await updateUser(users, key, decideNow, { from, limit });
  const challenge = decision?.send?.challenge ?? decision?.requeue;
  if (challenge === undefined || outcome.kind !== 'started') return outcome;
  const { id: challengeId, client, purpose, delivery } = challenge;
  const challengeKey = challengeKeyOf(client, { purpose, slot: slotOf({}) });
  await queues.send(delivery.method, {
    kind: 'otp',
    challengeId,
    challengeKey,
    sequence: delivery.sequence,
  });
  return outcome;
}

const undefinedLater = async (): Promise<undefined> => undefined;

function decide(
  found: UserRecord,
  { operator, person }: KnownRequest,
  now: number,
  ports: CallerPorts,
): CallerDecision {
  const { keyring, policy, voice } = ports;
  const { enrolment, locator } = found;
  if (enrolment === undefined) return { outcome: { kind: 'not-found' } };
  const contact = decryptContact(enrolment.contact, locator, keyring);
  const to = enrolment.enabled ? callerDestination(contact, policy, voice, now) : undefined;
  if (to === undefined) return { outcome: { kind: 'method-unavailable' } };
  const record = reconcileAttempts(found, keyring, now, policy.lockout);
  const previous =
    record.challenges[challengeKeyOf(operator.client, { purpose: 'caller', slot: slotOf({}) })];
  const isCurrent = previous !== undefined && isOpen(previous, now, keyring);
  if (isCurrent && previous.resendAt > now && isExhausted(previous))
    return { outcome: { kind: 'rate-limited', retryAt: previous.resendAt } };
  if (isCurrent && previous.resendAt > now && previous.caller?.address === to.kind) {
    const isQueued = previous.delivery.status === 'queued' && previous.delivery.tries === undefined;
    return { outcome: started(previous, to), requeue: isQueued ? previous : undefined };
  }
  const { callerCodes } = record.helpDesk;
  const allowedAt = nextCallerAt(record.helpDesk);
  if (allowedAt > now) return { outcome: { kind: 'rate-limited', retryAt: allowedAt } };
  const sends = isCurrent ? previous.sendsInRow + 1 : 1;
  const locale = spokenLanguage(contact.locale ?? '') ?? ports.defaultLocale;
  const challenge = newCallerChallenge(
    locator,
    { operator, name: person.name, to, locale, sends },
    now,
    ports,
  );
  return {
    outcome: started(challenge, to),
    after: {
      ...record,
      challenges: {
        ...withoutOtherCallers(record.challenges, now),
        [challengeKeyOf(operator.client, { purpose: 'caller', slot: slotOf({}) })]: challenge,
      },
      helpDesk: { ...record.helpDesk, callerCodes: [now, ...callerCodes].slice(0, 10) },
    },
    send: { challenge, to },
  };
}

function started({ id: challengeId, expiresAt }: OtpChallenge, { masked }: CallerDestination) {
  return { kind: 'started', challengeId, destination: masked, expiresAt } as const;
}

/** One caller is asked at a time: a second question ends the first, of whichever client it was. */
function withoutOtherCallers(challenges: UserRecord['challenges'], now: number): UserRecord['challenges'] {
  const ended = Object.entries(challenges).map(([challengeKey, challenge]) => {
    const isOver = challenge.purpose === 'caller' && challenge.expiresAt > now;
    return [challengeKey, isOver ? { ...challenge, expiresAt: now } : challenge] as const;
  });
  return Object.fromEntries(ended);
}

interface NewCallerChallenge {
  /** As the operator typed it. */
  readonly name: string;
  readonly operator: Operator;
  readonly to: CallerDestination;
  readonly locale: Language;
  readonly sends: number;
}

function newCallerChallenge(
  locator: string,
  { operator, name, to, locale, sends }: NewCallerChallenge,
  now: number,
  { policy, keyring }: CallerPorts,
): OtpChallenge {
  const { method, masked } = to;
  return {
    id: newChallengeId({ kind: 'otp', purpose: 'caller', locator, slot: slotOf({}) }),
    client: operator.client,
    purpose: 'caller',
    slot: slotOf({}),
    startedAt: now,
    name: encrypt(name, locator, keyring),
    caller: { address: to.kind, operator: operator.key, reference: operator.reference },
    expiresAt: now + policy.otp.lifetimeSeconds * 1000,
    digits: policy.otp.digits,
    maxAttempts: callerAttempts,
    locale,
    promptLocale: locale,
    methods: [method],
    masked: encryptMasks({ phone: masked, email: masked }, locator, keyring),
    delivery: {
      sequence: 1,
      method,
      nonce: randomBytes(16).toString('base64url'),
      key: keyring.current,
      at: now,
      attemptsBefore: 0,
      isDeliverable: true,
      status: 'queued',
    },
    sendsInRow: sends,
    resendAt: now + resendCooldownMilliseconds(sends, policy.sends),
    requests: [],
    attempts: [],
    reconciledUpTo: 0,
  };
}

/** First the operator and the client, then the address, whose messages of other purposes are counted apart. */
function count(
  { to }: CallerDestination,
  { operator, request, person }: KnownRequest,
  { limiter, clock, keyring, policy }: CallerPorts,
): Promise<CallerOutcome | undefined> {
  const address = {
    counter: hmac128(keyring.key('destination', keyring.first), 'caller', to.toLowerCase()),
    reservation: `${person.key} ${request}`,
    windows: sendWindows(policy.sends),
  };
  return countAct(operator, request, clock.now(), { limiter, keyring, policy }, address);
}
