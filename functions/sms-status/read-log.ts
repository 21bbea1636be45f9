/** Reads what SNS writes into its log of an SMS: the id and what became of it, and nothing else of the line. */
import { gunzipSync } from 'node:zlib';
import type { CloudWatchLogsEvent } from 'aws-lambda';
import type { SmsFate, StatusMessage } from '../../shared/domain/queues/messages.ts';

/**
 * By the words that SNS answers with: "Amazon SNS SMS delivery monitoring" in the SNS developer guide,
 * https://docs.aws.amazon.com/sns/latest/dg/sms_stats_cloudwatch.html. Any other failure is a phone that is not reached.
 */
const fates: readonly (readonly [RegExp, SmsFate])[] = [
  [/opted out/i, 'opted-out'],
  [/max price/i, 'over-price'],
  [/quota|spend/i, 'spend-limit'],
  [/block|spam/i, 'blocked'],
];

/** @throws `Error` for an event that is none of CloudWatch Logs */
export function statusesIn({ awslogs }: CloudWatchLogsEvent): StatusMessage[] {
  const text = gunzipSync(Buffer.from(awslogs.data, 'base64')).toString('utf8');
  const { logEvents = [] } = JSON.parse(text) as { logEvents?: readonly { readonly message: string }[] };
  return logEvents.flatMap(({ message }) => statusOf(message) ?? []);
}

/** `undefined` for a line without id or status: CloudWatch's own that the subscription works, for one. */
export function statusOf(line: string): StatusMessage | undefined {
  const { notification, delivery, status } = parsed(line);
  const messageId = textIn(notification, 'messageId');
  if (messageId === undefined || (status !== 'SUCCESS' && status !== 'FAILURE')) return undefined;
  if (status === 'SUCCESS') return { kind: 'status', messageId, fate: 'delivered' };
  const answer = textIn(delivery, 'providerResponse') ?? '';
  const [, fate = 'unreachable'] = fates.find(([words]) => words.test(answer)) ?? [];
  return { kind: 'status', messageId, fate };
}

function parsed(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function textIn(value: unknown, name: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const found: unknown = Object.getOwnPropertyDescriptor(value, name)?.value;
  return typeof found === 'string' ? found : undefined;
}
