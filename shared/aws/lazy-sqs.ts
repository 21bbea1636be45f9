/** The delivery queues of a function that not every request sends by: SQS is loaded with the first that may. */
import type { DeliveryQueues } from '../domain/queues/messages.ts';
import type { QueueUrls } from './sqs.ts';

export interface LazyDeliveryQueues extends DeliveryQueues {
  /** Loads SQS while the request waits for something else. */
  prepare(): void;
}

export function lazyDeliveryQueues(urls: QueueUrls): LazyDeliveryQueues {
  let queues: Promise<DeliveryQueues> | undefined;
  const loaded = () => {
    queues ??= import('./sqs.ts').then(({ deliveryQueues, sqsClient }) => deliveryQueues(sqsClient(), urls));
    return queues;
  };
  return {
    voice: urls.CALL_QUEUE_URL !== undefined,
    send: async (method, message, delaySeconds) => (await loaded()).send(method, message, delaySeconds),
    prepare: () => void loaded(),
  };
}
