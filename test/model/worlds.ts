/**
 * Tells whether what was answered can be explained: requests that ran at once must have come to what they come to
 * one after the other, in some order. Where several orders explain it, all of them are kept until an answer decides.
 */
import { isDeepStrictEqual } from 'node:util';
import { type Answer, expected, type World } from './challenges.ts';
import type { Operation } from './operations.ts';

export interface Observed {
  readonly operation: Operation;
  readonly answer: Answer;
}

/** The worlds after these operations, which ran at once. @throws when no order of them explains the answers */
export function explain(worlds: readonly World[], observed: readonly Observed[]): World[] {
  const after = worlds.flatMap((world) =>
    orders(observed).flatMap((order) => {
      const next = structuredClone(world);
      const fits = order.every(({ operation, answer }) =>
        isDeepStrictEqual(comparable(expected(next, operation, answer)), comparable(answer)),
      );
      return fits ? [next] : [];
    }),
  );
  if (after.length > 0) return distinct(after);
  throw new Error(describe(worlds, observed));
}

export function distinct(worlds: readonly World[]): World[] {
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
