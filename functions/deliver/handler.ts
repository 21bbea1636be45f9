/** deliver: takes ids off the delivery queues and sends what they stand for, once each. */
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { namingRequests } from '../../shared/log/request-ids.ts';
import { deliverRecord } from './deliver-record.ts';
import { connect, connectQueues, type Ports, type Queues } from './ports.ts';

let queues: Queues | undefined;
let connected: Promise<Ports> | undefined;

/** A message that met a fault of our own is offered again by its queue; the rest of the batch is done. */
async function deliverAll(event: SQSEvent): Promise<SQSBatchResponse> {
  queues ??= connectQueues();
  const { again, carriers } = queues;
  connected ??= connect(queues);
  const ports = connected;
  ports.catch(() => {
    connected = undefined;
  });
  const results = await Promise.all(event.Records.map((record) => deliverRecord(record, ports, again)));
  await carriers.paced();
  return {
    batchItemFailures: results.flatMap((failed) =>
      failed === undefined ? [] : [{ itemIdentifier: failed }],
    ),
  };
}

export const handler = namingRequests(deliverAll);
