/** deliver: takes ids off the delivery queues and sends what they stand for, once each. */
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { environmentOf } from '../../shared/configuration.ts';
import {
  type Delivered,
  type DeliverPorts,
  deliverCode,
  deliverNotice,
} from '../../shared/domain/deliver.ts';
import type { NoticeMessage, OtpMessage } from '../../shared/domain/ports.ts';
import { kmsClient } from '../../shared/keys.ts';
import { log } from '../../shared/log.ts';
import { deliveryQueues, noticeQueue, sqsClient } from '../../shared/queues.ts';
import { corePorts } from '../../shared/runtime.ts';
import { deliveryStore } from '../../shared/store/deliveries.ts';
import { sendCounters } from '../../shared/store/send-counters.ts';
import { carriersFor, type PacedCarriers } from './carriers.ts';

interface Ports extends DeliverPorts {
  readonly carriers: PacedCarriers;
}

async function connect(): Promise<Ports> {
  const environment = environmentOf('deliver');
  const core = await corePorts(environment, kmsClient());
  const sqs = sqsClient();
  return {
    ...core,
    counters: sendCounters(core.table),
    deliveries: deliveryStore(core.table),
    queues: deliveryQueues(sqs, environment),
    notices: noticeQueue(sqs, environment.NOTICE_QUEUE_URL),
    carriers: carriersFor(environment),
    defaultLocale: environment.DEFAULT_LOCALE,
  };
}

let connected: Promise<Ports> | undefined;

/** A message that met a fault of our own is offered again by its queue; the rest of the batch is done. */
export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  connected ??= connect();
  const ports = await connected.catch((error) => {
    connected = undefined;
    throw error;
  });
  const results = await Promise.all(event.Records.map((record) => deliver(record, ports)));
  await ports.carriers.paced();
  return {
    batchItemFailures: results.flatMap((failed) =>
      failed === undefined ? [] : [{ itemIdentifier: failed }],
    ),
  };
}

async function deliver(record: SQSRecord, ports: DeliverPorts): Promise<string | undefined> {
  const message = JSON.parse(record.body) as OtpMessage | NoticeMessage;
  try {
    const delivered = await (message.kind === 'otp'
      ? deliverCode(message, ports)
      : deliverNotice(message, ports));
    report(message, delivered);
    return undefined;
  } catch (error) {
    log('delivery-failed', { kind: message.kind, fault: error instanceof Error ? error.name : 'unknown' });
    return record.messageId;
  }
}

function report(message: OtpMessage | NoticeMessage, delivered: Delivered): void {
  const ended = { outcome: delivered.kind, ...('reason' in delivered ? { reason: delivered.reason } : {}) };
  if (message.kind === 'otp') log('delivery-ended', { challenge: message.challengeId, ...ended });
  else log('notice-ended', { user: message.locator, ...ended });
}
