/** What follows when a method will not bring a code: the next method of its person, or the end of the delivery. */
import { winningAttempt } from '../challenge/winning-attempt.ts';
import type { Clock } from '../clock.ts';
import type { Contact } from '../contact/contact.ts';
import { enrolledMethods } from '../contact/contact.ts';
import { addressOf, decoyDestination, destinationCounter } from '../contact/profile.ts';
import { hmac128, type Keyring } from '../crypto/keyring.ts';
import { isOfNumber } from '../limits/admit-message.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import { sendWindows } from '../limits/send-windows.ts';
import { addressKindOf, offeredMethods } from '../policy/methods.ts';
import type { Method, Policy } from '../policy/policy.ts';
import { deliveryIdOf } from '../queues/delivery-id.ts';
import type { DeliveryQueues, OtpMessage } from '../queues/messages.ts';
import type { OtpChallenge } from '../user-record/challenge.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import type { UserStore } from '../user-record/user-store.ts';
import type { Delivered, FinalRefusal } from './delivered.ts';
import type { DeliveryStore } from './delivery-store.ts';

export interface FailOverPorts {
  readonly deliveries: DeliveryStore;
  readonly users: UserStore;
  readonly limiter: RateLimiter;
  readonly queues: DeliveryQueues;
  readonly policy: Policy;
  readonly keyring: Keyring;
  readonly clock: Clock;
}

/** A delivery that this worker has claimed, with the record that it belongs to. */
export interface Claimed {
  readonly message: OtpMessage;
  readonly leaseOwner: string;
  readonly record: UserRecord;
  readonly challenge: OtpChallenge;
  /** Absent for a decoy. */
  readonly contact: Contact | undefined;
  /** The carrier took it and then did not bring it: nobody holds it any more. */
  readonly wasSent?: true;
}

/**
 * Fails over to the next method, if policy offers `All` and the person is enrolled in one. The message counts in the
 * rate limit of the new destination.
 */
export async function failOverOrFail(
  claimed: Claimed,
  reason: FinalRefusal,
  ports: FailOverPorts,
): Promise<Delivered> {
  const { message, leaseOwner, record, challenge, contact } = claimed;
  const { deliveries, queues, policy, keyring, limiter, clock } = ports;
  const refused = [...(challenge.delivery.refused ?? []), challenge.delivery.method];
  const methods = alternatives(claimed, ports);
  for (const method of isOfNumber(reason) ? methods.filter((other) => other === 'Email') : methods) {
    const { purpose } = challenge;
    const address = addressOf(contact, method, purpose) ?? decoyDestination(purpose, record.locator);
    const counter = destinationCounter(addressKindOf(method), address, keyring);
    const reservation = hmac128(
      keyring.key('idempotency', keyring.first),
      record.locator,
      deliveryIdOf(message),
      method,
    );
    const windows = sendWindows(policy.sends);
    const reserved = await limiter.reserve(counter, reservation, clock.now(), windows);
    if (reserved !== 'reserved') continue;
    if (!(await failOverTo(method, refused, claimed, ports))) return { kind: 'dropped' };
    await queues.send(method, message);
    return { kind: 'failed-over', method, reason };
  }
  await deliveries.finish(message, leaseOwner, 'failed');
  return { kind: 'failed', reason };
}

/** Rounds of reading again after an attempt came between. */
const mostRounds = 4;

/** The code of another method is another. So nothing changes once the challenge is solved, and nothing undoes that. */
async function failOverTo(
  method: Method,
  refused: readonly Method[],
  { message, leaseOwner, record: { locator }, challenge: claimed, wasSent }: Claimed,
  { deliveries, users, keyring }: FailOverPorts,
): Promise<boolean> {
  let challenge: OtpChallenge | undefined = claimed;
  for (let round = 0; round < mostRounds; round += 1) {
    const isOwn = challenge?.id === message.challengeId && challenge.delivery.sequence === message.sequence;
    if (challenge === undefined || !isOwn || winningAttempt(challenge, keyring) !== undefined) return false;
    const { length: attempts } = challenge.attempts;
    if (await deliveries.failOver(message, leaseOwner, { method, refused, attempts, wasSent })) return true;
    challenge = (await users.read(locator))?.challenges[message.challengeKey];
  }
  return false;
}

/**
 * The methods that have not refused this code yet and that the client takes. Other codes than a sign-in's go to one
 * address or nowhere.
 */
export function alternatives(
  { challenge, contact }: Claimed,
  { policy, queues }: FailOverPorts,
): readonly Method[] {
  const { purpose, delivery, methods, among } = challenge;
  if (purpose !== 'sign-in') return [];
  const offered = offeredMethods(policy, queues.voice);
  const tried = [...(delivery.refused ?? []), delivery.method];
  return (contact === undefined ? methods : enrolledMethods(contact, policy)).filter(
    (method) =>
      offered.includes(method) && !tried.includes(method) && (among === undefined || among.includes(method)),
  );
}
