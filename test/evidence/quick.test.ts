/** The evidence in small sizes: every measurement gives all its rows, and what is counted holds. */
import { expect, test } from 'vitest';
import { catalogue } from './catalogue.ts';

const settings = { quick: true, samples: 1, soakSeconds: 3, importRows: 150, seed: 1 };
test.each(catalogue)(
  '$name',
  async ({ rows, measure }) => {
    const said: string[] = [];
    const figures = await measure(settings, (line) => said.push(line));
    expect(Object.keys(figures).toSorted()).toEqual(rows.map(({ id }) => id).toSorted());
    const missed = Object.entries(figures).filter(([, { holds }]) => holds === false);
    expect(missed, said.join('\n')).toEqual([]);
  },
  180_000,
);
