/** After an internal error, makes a message visible again when its lease ends, not after the queue's full timeout. */
import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';

/**
 * Waits after the first and the second failure; after later ones the queue's own timeout applies. No wait is shorter
 * than a lease: a message that comes back earlier would be dropped, since another worker seems to hold it.
 */
export const offeredAgainAfterSeconds = [50, 100];

/** Never rejects: if this fails, the queue still delivers the message again, only later. */
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
