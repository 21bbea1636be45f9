/** Noting what became of a message, after it was sent or refused: never for names that nobody has. */
import type { Clock } from '../clock.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { Method } from '../policy/policy.ts';
import { deliveryIdOf } from '../queues/delivery-id.ts';
import type { OtpMessage } from '../queues/messages.ts';
import type { Delivered } from './delivered.ts';
import { type DeliveryLog, type DeliveryNote, encryptNote, type MessageFacts } from './delivery-log.ts';

interface NotePorts {
  readonly deliveryLog: DeliveryLog;
  readonly clock: Clock;
  readonly keyring: Keyring;
}

/** A message that failed over has a line for each method. */
const outcomes: Readonly<Record<Exclude<Delivered['kind'], 'decoy'>, DeliveryNote['outcome']>> = {
  sent: 'sent',
  dropped: 'dropped',
  'failed-over': 'failed',
  failed: 'failed',
  held: 'queued',
  retry: 'queued',
};

/** A code by one method, as its notes name it. */
export const codeId = (message: OtpMessage, method: Method): string => `${deliveryIdOf(message)}.${method}`;

/**
 * Runs a delivery and notes its outcome. Never throws because of the note: the message has left, and its queue would
 * offer it again.
 *
 * @param deliver gets a function to call once it knows the person that the message is for
 */
export async function noting(
  { deliveryLog, clock, keyring }: NotePorts,
  deliver: (knows: (facts: MessageFacts) => void) => Promise<Delivered>,
): Promise<Delivered> {
  let facts: MessageFacts | undefined;
  const delivered = await deliver((known) => {
    facts = known;
  });
  if (facts === undefined || delivered.kind === 'decoy') return delivered;
  const outcome = outcomes[delivered.kind];
  // A message that is held comes back for days: its tries would push all others out of the log.
  if (outcome === 'queued' && facts.isWaiting) return delivered;
  const at = clock.now();
  const reason = 'reason' in delivered ? delivered.reason : undefined;
  const note = encryptNote(facts, { at, outcome, reason }, keyring);
  await deliveryLog.add(facts.locator, note, at).catch(() => undefined);
  return delivered;
}
