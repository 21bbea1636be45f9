/** The notice queue of a function whose requests rarely tell anybody anything: SQS is loaded with the first notice. */
import type { NoticeQueue } from '../domain/queues/messages.ts';

export function lazyNoticeQueue(queueUrl: string): NoticeQueue {
  let queue: Promise<NoticeQueue> | undefined;
  return {
    async send(messages, delaySeconds) {
      queue ??= import('./sqs.ts').then(({ noticeQueue, sqsClient }) => noticeQueue(sqsClient(), queueUrl));
      await (await queue).send(messages, delaySeconds);
    },
  };
}
