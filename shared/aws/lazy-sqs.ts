/** Queues for functions that seldom send: the SQS client is loaded for the first message. */
import type { DeliveryQueues, NoticeQueue } from '../domain/queues/messages.ts';
import type { QueueUrls } from './sqs.ts';

export interface LazyDeliveryQueues extends DeliveryQueues {
  /** Loads the client while the request waits for something else. */
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

export function lazyNoticeQueue(queueUrl: string): NoticeQueue {
  let queue: Promise<NoticeQueue> | undefined;
  return {
    async send(messages, delaySeconds) {
      queue ??= import('./sqs.ts').then(({ noticeQueue, sqsClient }) => noticeQueue(sqsClient(), queueUrl));
      await (await queue).send(messages, delaySeconds);
    },
  };
}
