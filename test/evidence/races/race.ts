/** What a race is, and the few helpers that all of them share. */
import type { recoverer } from '../../e2e/recovering.ts';
import type { StackAnswer } from '../../stack.ts';
import type { MeasuredStack } from '../inside/stack.ts';
import type { Row } from '../measurement.ts';

/** One race: how often it is run, and what the worst run of it looked like. */
export interface Race extends Row {
  run(track: Track): Promise<Outcome>;
}

export interface Track {
  readonly stack: MeasuredStack;
  readonly api: ReturnType<typeof recoverer>;
  /** Requests that start at the same time. */
  readonly runners: number;
  /** So many of a race that has a number of its own; in small sizes no more than are needed to lose it. */
  few(count: number): number;
}

export interface Outcome {
  /** What was counted, in the words of the table. */
  readonly counted: Readonly<Record<string, number>>;
  readonly holds: boolean;
}

export const times = <T>(count: number, each: (place: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, place) => each(place)));
export const having = (answers: readonly StackAnswer[], status: number) =>
  answers.filter((answer) => answer.status === status).length;

/**
 * Whether as many came through as there were, and never more. Where requests were answered 503, an attempt may
 * have been spent whose answer nobody got; then it may be fewer.
 */
export function cameThrough(count: number, expected: number, answers: readonly StackAnswer[]): boolean {
  return count === expected || (count < expected && having(answers, 503) > 0);
}

/** As `counted` tells it: nothing where there was none. */
export function turnedAway(answers: readonly StackAnswer[]): Readonly<Record<string, number>> {
  const count = having(answers, 503);
  return count === 0 ? {} : { 'answered 503': count };
}
