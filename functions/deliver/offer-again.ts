/** After an internal error, makes a message visible again when its lease ends, not after the queue's full timeout. */
import type { SQSRecord } from 'aws-lambda';
import type { ShowAgain } from '../../shared/aws/sqs.ts';

/**
 * Waits after the first and the second failure; after later ones the queue's own timeout applies. No wait is shorter
 * than a lease: a message that comes back earlier would be dropped, since another worker seems to hold it.
 */
export const offeredAgainAfterSeconds = [50, 100];

/** Never rejects: if this fails, the queue still delivers the message again, only later. */
export async function offerAgain(
  { eventSourceARN, receiptHandle, attributes }: SQSRecord,
  show: ShowAgain,
): Promise<void> {
  const seconds = offeredAgainAfterSeconds[Number(attributes.ApproximateReceiveCount) - 1];
  if (seconds !== undefined) await show(eventSourceARN, receiptHandle, seconds);
}
