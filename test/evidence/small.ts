/** The evidence in small sizes, in two parts: two workers measure them side by side. */
import { expect } from 'vitest';
import { catalogue } from './catalogue.ts';
import type { Measurement } from './measurement.ts';

const part = (rest: number) => catalogue.filter((_, place) => place % 2 === rest);
export const parts: readonly [readonly Measurement[], readonly Measurement[]] = [part(0), part(1)];

const settings = { quick: true, samples: 1, soakSeconds: 1, importRows: 100, seed: 1 };

/** Every measurement gives all its rows, and what is counted holds. */
export async function expectSmall({ rows, measure }: Measurement): Promise<void> {
  const said: string[] = [];
  const figures = await measure(settings, (line) => said.push(line));
  expect(Object.keys(figures).toSorted()).toEqual(rows.map(({ id }) => id).toSorted());
  const missed = Object.entries(figures).filter(([, { holds }]) => holds === false);
  expect(missed, said.join('\n')).toEqual([]);
}
