/**
 * Tells whether what was answered can be explained: requests that ran at once must have come to what they come to
 * one after the other, in some order. Where several orders explain it, all of them are kept until an answer decides.
 */
import { isDeepStrictEqual } from 'node:util';
import { expected } from './challenges.ts';
import type { Operation } from './operations.ts';
import type { Answer, World } from './world.ts';

export interface Observed {
  readonly operation: Operation;
  readonly answer: Answer;
}

/** The worlds after these operations, which ran at once. @throws when no order of them explains the answers */
export function explain(worlds: readonly World[], observed: readonly Observed[]): World[] {
  const after = worlds.flatMap((world) =>
    orders(observed).flatMap((order) =>
      order.reduce<World[]>((so, one) => so.flatMap((before) => successors(before, one)), [world]),
    ),
  );
  if (after.length > 0) return distinct(after);
  throw new Error(describe(worlds, observed));
}

/** The worlds in which this is answered so: two where one cannot see whether a guess was judged or remembered. */
function successors(world: World, { operation, answer }: Observed): World[] {
  const isGuess = operation.do === 'verify' || operation.do === 'check' || operation.do === 'use';
  const choices = isGuess && operation.key !== undefined ? [false, true] : [false];
  const next = choices.flatMap((forgets) => {
    const after = { ...structuredClone(world), forgets };
    const told = expected(after, operation, answer);
    return isDeepStrictEqual(comparable(told), comparable(answer)) ? [{ ...after, forgets: false }] : [];
  });
  return distinct(next);
}

function distinct(worlds: readonly World[]): World[] {
  return worlds.filter(
    (world, place) => !worlds.slice(0, place).some((other) => isDeepStrictEqual(other, world)),
  );
}

function orders<T>(all: readonly T[]): T[][] {
  if (all.length < 2) return [[...all]];
  return all.flatMap((first, place) => orders(all.toSpliced(place, 1)).map((rest) => [first, ...rest]));
}

/** Fields that are absent and fields that are undefined are the same. */
function comparable(answer: Answer): unknown {
  return JSON.parse(JSON.stringify(answer));
}

/** Says what was asked, what it came to and what it should have; without codes and addresses. */
function describe([world]: readonly World[], observed: readonly Observed[]): string {
  const next = structuredClone(world as World);
  const lines = observed.flatMap(({ operation, answer }) => [
    `asked     ${told(operation)}`,
    `answered  ${told(answer)}`,
    `expected  ${told(expected(next, operation, answer))}`,
  ]);
  const how = observed.length === 1 ? 'The answer differs' : 'No order of these explains the answers';
  return [`${how}, at ${next.now}:`, ...lines].join('\n');
}

function told(value: object): string {
  const secret = ['typed', 'given', 'phone', 'email', 'to'];
  return JSON.stringify(value, (name, inner) => (secret.includes(name) ? '…' : inner));
}
