/** The delivery queues, one for each pace, each with its dead letters, and what feeds them to the worker. */
import { Duration } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { batchOf, millisecondsOf, pacedQueues, paceOf, type QueueName } from '../configuration/paces.ts';
import type { Stage } from '../configuration/stage.ts';
import { pascal } from './names.ts';
import { output } from './outputs.ts';

/**
 * How long a queue hides a message that a worker has taken: six times the worker's time-out of 44 s, as AWS advises,
 * so that no second worker gets it meanwhile. A worker that is ended, by its time-out or a crash, reports nothing, so
 * its message comes back after these 264 s. One that it reports as failed comes back after 50 s, then 100, then 264.
 */
const visibilityTimeout = Duration.seconds(264);
const receives = 5;

export class DeliveryQueues extends Construct {
  readonly queues: ReadonlyMap<QueueName, sqs.Queue>;
  readonly deadLetters: ReadonlyMap<QueueName, sqs.Queue>;

  readonly #delivery: Stage['delivery'];

  constructor(scope: Construct, id: string, { voice, delivery }: Pick<Stage, 'voice' | 'delivery'>) {
    super(scope, id);
    this.#delivery = delivery;
    const names = pacedQueues.filter((name) => voice !== undefined || name !== 'call');
    const common = { encryption: sqs.QueueEncryption.SQS_MANAGED, enforceSSL: true };
    this.deadLetters = new Map(
      names.map((name) => [
        name,
        new sqs.Queue(this, `${name}-dead`, { ...common, retentionPeriod: Duration.days(14) }),
      ]),
    );
    for (const [name, queue] of this.deadLetters) {
      output(this, `DeadLetterQueueName${pascal(name)}`, { value: queue.queueName });
    }
    this.queues = new Map(
      names.map((name) => {
        const queue = new sqs.Queue(this, name, {
          ...common,
          visibilityTimeout,
          retentionPeriod: Duration.hours(1), // a code is dead long before
          deadLetterQueue: { queue: this.deadLetters.get(name) as sqs.Queue, maxReceiveCount: receives },
        });
        output(this, `QueueName${pascal(name)}`, { value: queue.queueName });
        return [name, queue];
      }),
    );
  }

  feed(worker: lambda.Function): void {
    for (const [name, queue] of this.queues) {
      const pace = paceOf(name, this.#delivery);
      const source = { batchSize: batchOf(pace), maxConcurrency: pace.concurrency };
      worker.addEventSource(new SqsEventSource(queue, { ...source, reportBatchItemFailures: true }));
    }
  }

  /** As the worker reads it: milliseconds that a message takes of a place, by queue. */
  paces(): string {
    const names = [...this.queues.keys()];
    return JSON.stringify(
      Object.fromEntries(names.map((name) => [name, millisecondsOf(paceOf(name, this.#delivery))])),
    );
  }

  url(name: QueueName): string | undefined {
    return this.queues.get(name)?.queueUrl;
  }

  arns(...names: QueueName[]): string[] {
    return names.flatMap((name) => this.queues.get(name)?.queueArn ?? []);
  }
}
