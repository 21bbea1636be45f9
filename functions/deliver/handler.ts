/** deliver: takes ids off the delivery queues and sends what they stand for, once each. */
import { setTimeout as delay } from 'node:timers/promises';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { DeliverPorts } from '../../shared/domain/delivery/deliver-code.ts';
import { namingRequests } from '../../shared/log/request-ids.ts';
import { deliverRecord } from './deliver-record.ts';
import { restOf } from './pace.ts';
import { connect, connectQueues, type Queues } from './ports.ts';

let queues: Queues | undefined;
let connected: Promise<DeliverPorts> | undefined;

/** A message that met a fault of our own is offered again by its queue; the rest of the batch is done. */
async function deliverAll(event: SQSEvent): Promise<SQSBatchResponse> {
  const startedAt = performance.now();
  queues ??= connectQueues();
  const { again, paces } = queues;
  connected ??= connect(queues);
  const ports = connected;
  ports.catch(() => {
    connected = undefined;
  });
  const results = await Promise.all(event.Records.map((record) => deliverRecord(record, ports, again)));
  // After the batch: no message of it is `sent` later for that.
  await delay(restOf(event.Records, paces, performance.now() - startedAt));
  return {
    batchItemFailures: results.flatMap((failed) =>
      failed === undefined ? [] : [{ itemIdentifier: failed }],
    ),
  };
}

export const handler = namingRequests(deliverAll);
