/** The queues: puts messages of ids into them, never a code or an address, and shows a failed message again. */
import {
  ChangeMessageVisibilityCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Method } from '../domain/policy/policy.ts';
import type { DeliveryQueues, NoticeQueue, OutcomeQueue } from '../domain/queues/messages.ts';
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

export function outcomeQueue(sqs: SQSClient, QueueUrl: string): OutcomeQueue {
  return {
    async send(message, DelaySeconds = 0) {
      await sqs.send(
        new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(message), DelaySeconds }),
      );
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

/** Makes a received message visible after so many seconds. Never rejects: the queue's own timeout shows it too, later. */
export type ShowAgain = (queueArn: string, receiptHandle: string, afterSeconds: number) => Promise<void>;

/** @param urls of the queues that messages come from; a message of any other is left to that queue */
export function showAgain(sqs: SQSClient, urls: readonly (string | undefined)[]): ShowAgain {
  return async (queueArn, ReceiptHandle, VisibilityTimeout) => {
    const [name] = queueArn.split(':').slice(-1);
    const QueueUrl = urls.find((url) => url?.endsWith(`/${name}`));
    if (QueueUrl === undefined) return;
    const input = { QueueUrl, ReceiptHandle, VisibilityTimeout };
    await sqs.send(new ChangeMessageVisibilityCommand(input)).catch(() => undefined);
  };
}
