/** The delivery of a code: whether it is sent, to whom, and what follows if a carrier or a limit refuses. */
import { rightCode, winningAttempt } from '../challenge/winning-attempt.ts';
import type { Clock } from '../clock.ts';
import { type Contact, decryptContact } from '../contact/contact.ts';
import { type DecoySet, decoyPhone } from '../contact/decoy.ts';
import { withoutHeld } from '../contact/hold.ts';
import { addressOf } from '../contact/profile.ts';
import { decrypt } from '../crypto/encryption.ts';
import { transient } from '../faults.ts';
import { newRequestId } from '../identifiers/request-id.ts';
import {
  type AdmissionPorts,
  type AdmissionRefusal,
  admitMessage,
  wouldAdmit,
} from '../limits/admit-message.ts';
import { outcomeAfterSeconds } from '../limits/circuit-breaker.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import { sendWindows } from '../limits/send-windows.ts';
import { deliveryIdOf } from '../queues/delivery-id.ts';
import type { DeliveryQueues, NoticeQueue, OtpMessage, OutcomeQueue } from '../queues/messages.ts';
import type { Language } from '../text/language.ts';
import { leaseMilliseconds, type OtpChallenge } from '../user-record/challenge.ts';
import type { UserStore } from '../user-record/user-store.ts';
import { type Carriers, repeatAfterSeconds } from './carriers.ts';
import { type ChannelHealth, lasting, noteHealth, refusalTakes, type Trouble } from './channel-health.ts';
import type { Delivered, FinalRefusal } from './delivered.ts';
import type { DeliveryLog, MessageFacts } from './delivery-log.ts';
import type { DeliveryStore } from './delivery-store.ts';
import { alternatives, type Claimed, failOverOrFail } from './fail-over.ts';
import { codeId, noting } from './note-delivery.ts';
import type { OpenCalls } from './open-calls.ts';
import type { SentSmsStore } from './sent-sms.ts';
import { tellIfUsedUp } from './tell-used-up.ts';

export interface DeliverPorts extends AdmissionPorts {
  readonly deliveryLog: DeliveryLog;
  readonly deliveries: DeliveryStore;
  readonly users: UserStore;
  readonly limiter: RateLimiter;
  readonly queues: DeliveryQueues;
  readonly outcomes: OutcomeQueue;
  readonly notices: NoticeQueue;
  readonly carriers: Carriers;
  readonly health: ChannelHealth;
  readonly calls: OpenCalls;
  /** Resolves after so many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<unknown>;
  /** Absent where nobody hears what becomes of an SMS. */
  readonly sentSms?: SentSmsStore | undefined;
  readonly decoys: readonly DecoySet[];
  readonly clock: Clock;
  readonly defaultLocale: Language;
}

/**
 * Sends a code once. If several workers get the message, the claim decides which one sends; every retry sends the same
 * code. Messages to decoys take the same path, but never reach a carrier.
 *
 * @param tells is called with the person that a message is for, unless that is a decoy
 * @throws on a fault of a dependency, but never once a carrier has accepted the code
 */
export function deliverCode(
  message: OtpMessage,
  ports: DeliverPorts,
  tells?: (facts: MessageFacts) => void,
): Promise<Delivered> {
  return noting(ports, (knows) =>
    deliverOnce(message, ports, (facts) => {
      knows(facts);
      tells?.(facts);
    }),
  );
}

async function deliverOnce(
  message: OtpMessage,
  ports: DeliverPorts,
  knows: (facts: MessageFacts) => void,
): Promise<Delivered> {
  const { deliveries, outcomes, clock, keyring, carriers, health, sentSms } = ports;
  const now = clock.now();
  const leaseOwner = newRequestId();
  const record = await deliveries.claim(message, now, now + leaseMilliseconds, leaseOwner);
  const challenge = record?.challenges[message.challengeKey];
  if (record === undefined || challenge === undefined || winningAttempt(challenge, keyring) !== undefined) {
    return { kind: 'dropped' };
  }
  await recorded(() => tellIfUsedUp(record, challenge, ports));
  const { enrolment } = record;
  const contact =
    enrolment && withoutHeld(decryptContact(enrolment.contact, record.locator, keyring), ports.policy, now);
  const { method, isDeliverable } = challenge.delivery;
  const to = challenge.caller
    ? contact && callerAddress(contact, challenge.caller)
    : addressOf(contact, method, challenge.purpose);
  const claimed = { message, leaseOwner, record, challenge, contact: isDeliverable ? contact : undefined };
  const isDecoy = !isDeliverable || contact === undefined || to === undefined;
  if (!isDecoy) knows(factsOf(claimed, to, contact));
  const [known, refusal] = await Promise.all([
    health.read(method),
    refusalFor(claimed, contact?.phone, isDecoy ? wouldAdmit : admitMessage, now, ports),
  ]);
  if (refusal !== undefined) return failOverOrFail(claimed, refusal, ports);
  if (method === 'Call' && !(await findsLine(message, isDecoy, ports)))
    return retryOrFailOver(claimed, 'throttled', ports);
  if (isDecoy) return deliverDecoy(claimed, known, ports);
  const phone = method === 'Email' ? undefined : contact.phone;
  const askedAt = clock.now();
  const result = await carriers.sendCode(method, {
    to,
    country: contact.phone?.country,
    code: rightCode(challenge, keyring),
    client: challenge.client,
    purpose: challenge.purpose,
    locale: challenge.locale,
    device: challenge.device && String(decrypt(challenge.device, record.locator, keyring)),
    secondsLeft: Math.floor((challenge.expiresAt - now) / 1_000),
    deliveryId: deliveryIdOf(message),
  });
  const reason = result.kind === 'accepted' ? undefined : result.reason;
  await recorded(() => noteHealth(health, method, known, reason, clock.now(), askedAt));
  if (result.kind === 'accepted') {
    const { challengeId, challengeKey } = message;
    const recordSent = async () => {
      await deliveries.finish(message, leaseOwner, 'sent');
      if (phone) await outcomes.send({ kind: 'outcome', challengeId, challengeKey }, outcomeAfterSeconds);
      if (phone && method === 'SMS' && result.messageId !== undefined)
        await sentSms?.note(result.messageId, { message, country: phone.country, at: clock.now() });
    };
    return { kind: 'sent', ...(await recorded(recordSent)) };
  }
  return retryOrFailOver(claimed, result.reason, ports);
}

function factsOf({ message, record, challenge }: Claimed, to: string, { phone }: Contact): MessageFacts {
  const { delivery, purpose } = challenge;
  const { method, at: askedAt, tries = 0 } = delivery;
  const country = method === 'Email' ? undefined : phone?.country;
  const { locator } = record;
  const id = codeId(message, method);
  return { locator, message: id, isWaiting: tries > 0, method, to, purpose, country, askedAt };
}

/** A decoy's call meets what a call would meet now, and counts for nothing. */
function findsLine(message: OtpMessage, isDecoy: boolean, { calls, clock }: DeliverPorts): Promise<boolean> {
  const now = clock.now();
  return isDecoy ? calls.hasRoom(now) : calls.take(deliveryIdOf(message), now);
}

/** Why no message may leave now, asked once for each: a retry was admitted by its first try. */
async function refusalFor(
  claimed: Claimed,
  own: Contact['phone'],
  admit: typeof admitMessage,
  now: number,
  ports: DeliverPorts,
): Promise<AdmissionRefusal | 'destination-limit' | undefined> {
  const { record, challenge } = claimed;
  const { policy, keyring, decoys } = ports;
  // Counted in the record, not in the message: a start that queues the message again must not reset the count.
  const { method, tries = 0, noRoom, refused = [] } = challenge.delivery;
  if (tries > 0) return undefined;
  if (noRoom && refused.length === 0) {
    const windows = sendWindows(policy.sends);
    const counted = await ports.limiter.reserve(noRoom.counter, noRoom.reservation, now, windows);
    if (counted !== 'reserved') return 'destination-limit';
  }
  const phone = method === 'Email' ? undefined : (own ?? decoyPhone(record.locator, decoys, policy, keyring));
  const hasEmail = alternatives(claimed, ports).includes('Email');
  return admit({ method, client: challenge.client, isImportant: false, phone, hasEmail, now }, ports);
}

/** Nothing is sent: it meets what a message to this channel would meet now, and after as long. */
async function deliverDecoy(
  claimed: Claimed,
  known: Trouble | undefined,
  ports: DeliverPorts,
): Promise<Delivered> {
  const { message, leaseOwner } = claimed;
  const trouble = lasting(known, ports.clock.now());
  if (known !== undefined && trouble !== undefined) {
    await ports.pause(refusalTakes(known));
    return retryOrFailOver(claimed, trouble, ports);
  }
  return { kind: 'decoy', ...(await recorded(() => ports.deliveries.finish(message, leaseOwner, 'sent'))) };
}

/**
 * Never throws. The message is already sent; if this threw, SQS would redeliver it and the person would get it twice.
 */
export async function recorded(write: () => Promise<unknown>): Promise<{ readonly reason?: 'unrecorded' }> {
  try {
    await write();
    return {};
  } catch {
    return { reason: 'unrecorded' };
  }
}

/** Policy chose the kind of address when the code was asked for. */
function callerAddress(
  contact: Contact,
  { address }: NonNullable<OtpChallenge['caller']>,
): string | undefined {
  return address === 'phone' ? contact.phone?.number : contact[address];
}

/** Retries after a transient fault, as often as `repeatAfterSeconds` allows; after any other refusal, fails over. */
async function retryOrFailOver(
  claimed: Claimed,
  reason: FinalRefusal,
  ports: DeliverPorts,
): Promise<Delivered> {
  const { message, leaseOwner, challenge } = claimed;
  const { method, tries = 0 } = challenge.delivery;
  const delay = repeatAfterSeconds[tries];
  const passing = transient.find((known) => known === reason);
  if (passing === undefined || delay === undefined) return failOverOrFail(claimed, reason, ports);
  if (!(await ports.deliveries.release(message, leaseOwner, tries + 1))) return { kind: 'dropped' };
  await ports.queues.send(method, message, delay);
  return { kind: 'retry', reason: passing };
}
