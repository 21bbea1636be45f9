/** One message of a queue: a code, a notice, or the question whether a code was used. */
import type { SQSRecord } from 'aws-lambda';
import { type DeliverPorts, deliverCode } from '../../shared/domain/delivery/deliver-code.ts';
import { deliverNotice } from '../../shared/domain/delivery/deliver-notice.ts';
import type { MessageFacts } from '../../shared/domain/delivery/delivery-log.ts';
import { readQueueMessage } from '../../shared/domain/queues/read-message.ts';
import { faultOf } from '../../shared/log/fault.ts';
import { log } from '../../shared/log/log.ts';
import type { Queues } from './ports.ts';
import { count, heed, report } from './report.ts';

/** @returns the message's id where it failed, so that its queue offers it again */
export async function deliverRecord(
  record: SQSRecord,
  connecting: Promise<DeliverPorts>,
  again: Queues['again'],
): Promise<string | undefined> {
  const message = readQueueMessage(record.body);
  if (message === undefined) {
    // Offered again until it is among the dead letters, whose alarm somebody looks at.
    log('delivery-failed', { kind: 'unreadable', fault: faultOf(new SyntaxError()) });
    return record.messageId;
  }
  try {
    const ports = await connecting;
    if (message.kind === 'outcome') {
      await count(message, ports);
      return undefined;
    }
    if (message.kind === 'status') {
      await heed(message, ports);
      return undefined;
    }
    let facts: MessageFacts | undefined;
    const delivered = await (message.kind === 'otp'
      ? deliverCode(message, ports, (known) => {
          facts = known;
        })
      : deliverNotice(message, ports));
    report(message, delivered, facts, ports.clock.now());
    return undefined;
  } catch (error) {
    log('delivery-failed', { kind: message.kind, fault: faultOf(error) });
    await again(record);
    return record.messageId;
  }
}
