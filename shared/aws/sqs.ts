/** Puts messages into the delivery queues and the notice queue. A message holds ids, never a code or an address. */
import { SendMessageBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Method } from '../domain/policy/policy.ts';
import type { DeliveryQueues, NoticeQueue } from '../domain/queues/messages.ts';
import { awsClient } from './client.ts';

export function sqsClient(): SQSClient {
  return awsClient(SQSClient, 'sqs');
}

export interface QueueUrls {
  readonly SMS_QUEUE_URL: string;
  readonly EMAIL_QUEUE_URL: string;
  readonly CALL_QUEUE_URL?: string;
}

export function deliveryQueues(sqs: SQSClient, urls: QueueUrls): DeliveryQueues {
  const byMethod: Record<Method, string | undefined> = {
    SMS: urls.SMS_QUEUE_URL,
    Email: urls.EMAIL_QUEUE_URL,
    Call: urls.CALL_QUEUE_URL,
  };
  return {
    voice: urls.CALL_QUEUE_URL !== undefined,
    async send(method, message, DelaySeconds = 0) {
      const MessageBody = JSON.stringify(message);
      await sqs.send(new SendMessageCommand({ QueueUrl: byMethod[method], MessageBody, DelaySeconds }));
    },
  };
}

/** Sends ten at a time, the most that SQS takes. One refused entry fails the call, so that the caller repeats it. */
export function noticeQueue(sqs: SQSClient, QueueUrl: string): NoticeQueue {
  return {
    async send(messages, DelaySeconds = 0) {
      for (let start = 0; start < messages.length; start += 10) {
        const Entries = messages.slice(start, start + 10).map((message, place) => ({
          Id: String(place),
          MessageBody: JSON.stringify(message),
          DelaySeconds,
        }));
        const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
        if (Failed.length > 0) throw new Error(`SQS refused ${Failed.length} notices`);
      }
    },
  };
}
