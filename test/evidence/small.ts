/**
 * The evidence in small sizes, in two parts: two workers measure them side by side, and what has the same stack is in the
 * same part.
 */
import { expect } from 'vitest';
import { catalogue } from './catalogue.ts';
import type { Measurement } from './measurement.ts';

/** The leaks come after all others of their stack, because they end its functions. */
const first = ['races', 'load', 'import', 'faults', 'soak', 'leaks', 'timing', 'sync'];
const partOf = (names: readonly string[]) =>
  names.flatMap((name) => catalogue.filter((measurement) => measurement.name === name));
const others = catalogue.map(({ name }) => name).filter((name) => !first.includes(name));
export const parts: readonly [readonly Measurement[], readonly Measurement[]] = [
  partOf(first),
  partOf(others),
];

const settings = { quick: true, samples: 1, soakSeconds: 1, importRows: 100, seed: 1 };

/** Every measurement gives all its rows, and what is counted holds. */
export async function expectSmall({ rows, measure }: Measurement): Promise<void> {
  const said: string[] = [];
  const figures = await measure(settings, (line) => said.push(line));
  expect(Object.keys(figures).toSorted()).toEqual(rows.map(({ id }) => id).toSorted());
  const missed = Object.entries(figures).filter(([, { holds }]) => holds === false);
  expect(missed, said.join('\n')).toEqual([]);
}
