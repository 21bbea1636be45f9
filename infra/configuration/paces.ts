/** The paces of delivery: what a stage says of each queue, completed, and what follows from it for the workers. */
import { type ConfigurationProblem, refusal } from './problems.ts';
import type { StageConfiguration } from './schema.ts';

type Delivery = NonNullable<StageConfiguration['delivery']>;

/** Of codes, one for each method. */
export const codeQueues = ['sms', 'email', 'call'] as const;
export const pacedQueues = [...codeQueues, 'notice', 'outcome'] as const;
export type QueueName = (typeof pacedQueues)[number];

export interface Pace {
  /** Messages a second, of all workers together. */
  readonly perSecond: number;
  /** Batches at the same time. */
  readonly concurrency: number;
}

/**
 * Where the stage says nothing: what accounts get from AWS. SNS sends 20 SMS a second and SES 14 emails, of which
 * notices use up to four; Connect starts two calls. Outcomes are only counted, and reach nobody.
 */
const usual: Readonly<Record<QueueName, Pace>> = {
  sms: { perSecond: 16, concurrency: 4 },
  email: { perSecond: 10, concurrency: 3 },
  call: { perSecond: 2, concurrency: 2 },
  notice: { perSecond: 4, concurrency: 2 },
  outcome: { perSecond: 1_000, concurrency: 2 },
};

/** Of an instance of Connect, until its quota is raised. */
const usualCallsAtOnce = 10;

/** Each takes half a second or less at most carriers, and a place has so many under way. */
const perPlace = 10;

export function paceOf(queue: QueueName, delivery: Delivery = {}): Pace {
  const given: { perSecond?: number | undefined; concurrency?: number | undefined } =
    queue === 'outcome' ? {} : (delivery[queue] ?? {});
  const { perSecond = usual[queue].perSecond } = given;
  const enough = given.perSecond === undefined ? usual[queue].concurrency : Math.ceil(perSecond / 5);
  return { perSecond, concurrency: given.concurrency ?? Math.max(2, enough) };
}

export function callsAtOnce({ call }: Delivery = {}): number {
  return call?.atOnce ?? usualCallsAtOnce;
}

/** Batches of all queues at the same time: as many workers run at most. */
export function placesOf({ voice, delivery }: Pick<StageConfiguration, 'voice' | 'delivery'>): number {
  const queues = pacedQueues.filter((queue) => voice !== undefined || queue !== 'call');
  return queues.reduce((sum, queue) => sum + paceOf(queue, delivery).concurrency, 0);
}

/** At most what a place may send in a second, so that no batch keeps its place for longer. */
export function batchOf({ perSecond, concurrency }: Pace): number {
  return Math.max(1, Math.min(perPlace, Math.floor(perSecond / concurrency)));
}

/** Milliseconds that one message takes of a place. */
export function millisecondsOf({ perSecond, concurrency }: Pace): number {
  return Math.ceil((1_000 * concurrency) / perSecond);
}

/** A place that sends less than one message in two seconds would keep its function waiting. */
export function paceProblems(delivery: Delivery): ConfigurationProblem[] {
  return pacedQueues.flatMap((queue) => {
    const { perSecond, concurrency } = paceOf(queue, delivery);
    const most = Math.max(2, perSecond);
    if (concurrency <= most) return [];
    const allowed = `at most ${most}: with ${perSecond} a second no more are of use`;
    return [{ field: `delivery.${queue}.concurrency`, message: refusal(concurrency, allowed) }];
  });
}
