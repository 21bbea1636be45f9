/** A message that met a fault of our own is offered again when its claim has ended, not when its queue gives the worker up. */
import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';

/**
 * After the first failure, and after the second; later ones wait as long as the queue hides a message. No
 * wait is shorter than a claim: what comes back before its claim has ended is dropped as somebody else's.
 */
export const offeredAgainAfterSeconds = [50, 100];

/** Never fails: without it the message is offered again later. */
export async function offerAgain(
  { eventSourceARN, receiptHandle, attributes }: SQSRecord,
  sqs: SQSClient,
  queueUrls: readonly (string | undefined)[],
): Promise<void> {
  const VisibilityTimeout = offeredAgainAfterSeconds[Number(attributes.ApproximateReceiveCount) - 1];
  const [name] = eventSourceARN.split(':').slice(-1);
  const QueueUrl = queueUrls.find((url) => url?.endsWith(`/${name}`));
  if (VisibilityTimeout === undefined || QueueUrl === undefined) return;
  const input = { QueueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout };
  await sqs.send(new ChangeMessageVisibilityCommand(input)).catch(() => undefined);
}
