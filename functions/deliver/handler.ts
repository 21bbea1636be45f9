/** deliver: takes ids off the delivery queues and sends what they stand for, once each. */
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { deliverCode } from '../../shared/domain/delivery/deliver-code.ts';
import { deliverNotice } from '../../shared/domain/delivery/deliver-notice.ts';
import { readQueueMessage } from '../../shared/domain/queues/read-message.ts';
import { faultOf } from '../../shared/log/fault.ts';
import { log } from '../../shared/log/log.ts';
import { connect, connectQueues, type Ports, type Queues } from './ports.ts';
import { count, report } from './report.ts';

let queues: Queues | undefined;
let connected: Promise<Ports> | undefined;

/** A message that met a fault of our own is offered again by its queue; the rest of the batch is done. */
export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  queues ??= connectQueues();
  const { again, carriers } = queues;
  connected ??= connect(queues);
  const ports = connected;
  ports.catch(() => {
    connected = undefined;
  });
  const results = await Promise.all(event.Records.map((record) => deliver(record, ports, again)));
  await carriers.paced();
  return {
    batchItemFailures: results.flatMap((failed) =>
      failed === undefined ? [] : [{ itemIdentifier: failed }],
    ),
  };
}

async function deliver(
  record: SQSRecord,
  connecting: Promise<Ports>,
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
    const delivered = await (message.kind === 'otp'
      ? deliverCode(message, ports)
      : deliverNotice(message, ports));
    report(message, delivered);
    return undefined;
  } catch (error) {
    log('delivery-failed', { kind: message.kind, fault: faultOf(error) });
    await again(record);
    return record.messageId;
  }
}
