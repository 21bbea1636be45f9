/** sms-status: reads in SNS's log what became of SMS, and puts their ids, never numbers, on the queue of outcomes. */
import type { CloudWatchLogsEvent } from 'aws-lambda';
import { outcomeQueue, sqsClient } from '../../shared/aws/sqs.ts';
import type { OutcomeQueue } from '../../shared/domain/queues/messages.ts';
import { environmentOf } from '../../shared/environment/configuration.ts';
import { namingRequests } from '../../shared/log/request-ids.ts';
import { statusesIn } from './read-log.ts';

/** By then the worker has written down which delivery the SMS was of. */
const afterSeconds = 2;

let queue: OutcomeQueue | undefined;

/** @throws when the queue does not take them: Lambda asks twice more, and a status that is told twice changes nothing. */
async function pass(event: CloudWatchLogsEvent): Promise<void> {
  queue ??= outcomeQueue(sqsClient(), environmentOf('sms-status').OUTCOME_QUEUE_URL);
  const { send } = queue;
  await Promise.all(statusesIn(event).map((status) => send(status, afterSeconds)));
}

export const handler = namingRequests(pass);
