/** SQS event source mappings: takes messages from the queues and hands them to the functions, as Lambda's pollers do. */

import type { AwsEmulator } from '../aws/index.ts';
import { UnsupportedTemplateError } from '../template/intrinsics.ts';
import type { Template } from '../template/template.ts';
import type { Functions } from './functions.ts';

/** Pollers of Lambda reach the queues directly: faults that a test orders for SQS do not meet them. */
export type Queues = Pick<AwsEmulator['queues'], 'receive' | 'remove'>;
type QueueMessage = Awaited<ReturnType<Queues['receive']>>[number];

interface Mapping {
  readonly functionId: string;
  readonly queueName: string;
  readonly queueArn: string;
  readonly batchSize: number;
  readonly concurrency: number;
  readonly reportsItems: boolean;
}

/** How many batches Lambda starts with where no maximum is set. */
const initialConcurrency = 5;

export interface EventSources {
  /** Stops polling; batches that run are given to the functions' own stop. */
  stop(): Promise<void>;
}

export function startEventSources(template: Template, functions: Functions, queues: Queues): EventSources {
  const stopping = new AbortController();
  const region = template.region;
  const loops = readMappings(template).map((mapping) =>
    poll(mapping, functions, queues, region, stopping.signal),
  );
  return {
    async stop() {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

function readMappings(template: Template): Mapping[] {
  return template
    .ofType('AWS::Lambda::EventSourceMapping')
    .filter(([, { Properties }]) => Properties['Enabled'] !== false)
    .map(([id, { Properties }]) => {
      const queueArn = template.text(Properties['EventSourceArn'], id);
      const queueId = template.idOf(queueArn, id);
      const queueName = template.names(queueId)['QueueName'];
      if (queueName === undefined)
        throw new UnsupportedTemplateError(`${id}: only queues are served as event sources`);
      if (Properties['FilterCriteria'] !== undefined) {
        throw new UnsupportedTemplateError(`${id}: the local stack does not filter events`);
      }
      const scaling = Properties['ScalingConfig'] as { MaximumConcurrency?: number } | undefined;
      const responses = (Properties['FunctionResponseTypes'] ?? []) as string[];
      return {
        functionId: template.idOf(template.text(Properties['FunctionName'], id), id),
        queueName,
        queueArn,
        batchSize: Number(Properties['BatchSize'] ?? 10),
        concurrency: scaling?.MaximumConcurrency ?? initialConcurrency,
        reportsItems: responses.includes('ReportBatchItemFailures'),
      };
    });
}

async function poll(
  mapping: Mapping,
  functions: Functions,
  queues: Queues,
  region: string,
  signal: AbortSignal,
) {
  const running = new Set<Promise<void>>();
  while (!signal.aborted) {
    if (running.size >= mapping.concurrency) {
      await Promise.race(running);
      continue;
    }
    const messages = await queues.receive(mapping.queueName, mapping.batchSize, signal);
    if (messages.length === 0) continue;
    const batch = handle(mapping, messages, functions, queues, region).finally(() => running.delete(batch));
    running.add(batch);
  }
}

/** Removes handled messages. The others come back after the visibility time-out, and count as received once more. */
async function handle(
  mapping: Mapping,
  messages: readonly QueueMessage[],
  functions: Functions,
  queues: Queues,
  region: string,
): Promise<void> {
  const event = {
    Records: messages.map((message) => ({
      ...message,
      messageAttributes: {},
      eventSource: 'aws:sqs',
      eventSourceARN: mapping.queueArn,
      awsRegion: region,
    })),
  };
  const { payload, failure } = await functions.invoke(mapping.functionId, event);
  if (failure !== undefined) return;
  const failed = mapping.reportsItems ? failedItems(payload, messages) : new Set<string>();
  for (const { messageId, receiptHandle } of messages) {
    if (!failed.has(messageId)) queues.remove(mapping.queueName, receiptHandle);
  }
}

/** A response that Lambda cannot read, or that names an unknown message, fails the whole batch. */
function failedItems(payload: string, messages: readonly QueueMessage[]): ReadonlySet<string> {
  const all = new Set(messages.map(({ messageId }) => messageId));
  const response = JSON.parse(payload) as { batchItemFailures?: unknown } | null;
  const failures = response?.batchItemFailures ?? [];
  if (!Array.isArray(failures)) return all;
  const named = failures.map(
    (failure) => (failure as { itemIdentifier?: string } | null)?.itemIdentifier ?? '',
  );
  return named.every((id) => all.has(id)) ? new Set(named) : all;
}
