/** What follows when SNS says what became of an SMS that it had taken: a code that will not arrive goes another way. */
import { winningAttempt } from '../challenge/winning-attempt.ts';
import { decryptContact } from '../contact/contact.ts';
import { withoutHeld } from '../contact/hold.ts';
import { readChallengeId } from '../identifiers/challenge-id.ts';
import type { OutcomeQueue, SmsFate, StatusMessage } from '../queues/messages.ts';
import type { Delivered } from './delivered.ts';
import type { DeliveryLog } from './delivery-log.ts';
import { type FailOverPorts, failOverOrFail } from './fail-over.ts';
import { codeId, noting } from './note-delivery.ts';
import type { SentSms, SentSmsStore } from './sent-sms.ts';

export interface HeedPorts extends FailOverPorts {
  readonly sentSms: SentSmsStore;
  readonly outcomes: OutcomeQueue;
  readonly deliveryLog: DeliveryLog;
}

/** Seconds until a status is looked at again that came before the worker had written down that the code left. */
const againSeconds = 5;

export interface Heeded extends SentSms {
  readonly fate: SmsFate;
  /** What followed; `none` where the code had arrived, was used, replaced or over: then it is only counted. */
  readonly next: 'none' | 'later' | 'failed-over' | 'failed';
}

/**
 * Costs one DynamoDB request where the SMS arrived or is nobody's; otherwise also what a delivery costs that fails over.
 *
 * @returns `undefined` for an SMS that is no code of this deployment's
 * @throws on a fault of a dependency: the queue offers the message again, and nothing is sent twice
 */
export async function heedStatus(
  { messageId, fate }: StatusMessage,
  ports: HeedPorts,
): Promise<Heeded | undefined> {
  const sms = await ports.sentSms.find(messageId);
  if (sms === undefined) return undefined;
  if (fate === 'delivered') return { ...sms, fate, next: 'none' };
  return { ...sms, fate, next: await sendAnotherWay(sms, { messageId, fate }, ports) };
}

async function sendAnotherWay(
  { message }: SentSms,
  { messageId, fate }: { readonly messageId: string; readonly fate: Exclude<SmsFate, 'delivered'> },
  ports: HeedPorts,
): Promise<Heeded['next']> {
  const { users, keyring, clock, outcomes } = ports;
  const record = await users.read(readChallengeId(message.challengeId)?.locator ?? '');
  const challenge = record?.challenges[message.challengeKey];
  if (record === undefined || challenge?.id !== message.challengeId) return 'none';
  const { delivery } = challenge;
  const isOver = challenge.expiresAt <= clock.now() || winningAttempt(challenge, keyring) !== undefined;
  if (isOver || delivery.sequence !== message.sequence || !delivery.isDeliverable) return 'none';
  const { leaseOwner = '', leaseUntil = 0, status, method } = delivery;
  if (status === 'sending' && leaseUntil > clock.now()) {
    await outcomes.send({ kind: 'status', messageId, fate }, againSeconds);
    return 'later';
  }
  if (status === 'queued' && delivery.refused?.at(-1) === 'SMS') {
    // Turned already, and whoever did may have ended before it was queued. A second message finds it claimed.
    await ports.queues.send(method, message);
    return 'none';
  }
  if (status !== 'sent' || method !== 'SMS') return 'none';
  const { enrolment } = record;
  const contact =
    enrolment &&
    withoutHeld(decryptContact(enrolment.contact, record.locator, keyring), ports.policy, clock.now());
  const claimed = { message, leaseOwner, record, challenge, contact, wasSent: true } as const;
  const delivered = await noting(ports, async (knows): Promise<Delivered> => {
    const to = contact?.phone?.number;
    const { locator } = record;
    const { purpose } = challenge;
    if (to !== undefined)
      knows({ locator, message: codeId(message, method), isWaiting: false, method, to, purpose });
    return failOverOrFail(claimed, fate, ports);
  });
  return delivered.kind === 'failed-over' || delivered.kind === 'failed' ? delivered.kind : 'none';
}
