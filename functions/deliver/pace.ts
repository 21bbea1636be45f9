/** The pace of each queue: how long a batch keeps its place, so that all places of a queue together stay below its rate. */
import type { SQSRecord } from 'aws-lambda';

/** Milliseconds that one message takes of its place, by the name of the queue. */
export type Paces = Readonly<Record<string, number>>;

/**
 * The rest of the time that a batch takes of its place. Every message counts, sent or not: a decoy takes as long.
 *
 * @param worked milliseconds that the batch has taken already
 */
export function restOf(records: readonly SQSRecord[], paces: Paces, worked: number): number {
  const due = records.reduce((sum, { eventSourceARN }) => sum + (paces[nameIn(eventSourceARN)] ?? 0), 0);
  return Math.max(0, due - worked);
}

/** @param urls of queues, by what the stage calls them. @param given the variable: milliseconds by the same names. */
export function pacesOf(urls: Readonly<Record<string, string | undefined>>, given: string): Paces {
  const milliseconds = JSON.parse(given) as Readonly<Record<string, number>>;
  const known = Object.entries(urls).flatMap(([queue, url]) => {
    const pace = milliseconds[queue];
    return url === undefined || pace === undefined ? [] : [[url.split('/').at(-1) ?? '', pace] as const];
  });
  return Object.fromEntries(known);
}

const nameIn = (arn: string): string => arn.split(':').at(-1) ?? '';
