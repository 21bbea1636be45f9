/** Races: many requests at the same time for something of which there is a fixed number. */
import { recoverer } from '../../e2e/recovering.ts';
import { stackOf } from '../inside/stack.ts';
import type { Figure, Measurement, Progress, Settings } from '../measurement.ts';
import { ownLimitsOnly } from '../policies.ts';
import { codeRaces } from './one-time-codes.ts';
import { otherRaces } from './other-proofs.ts';
import type { Outcome } from './race.ts';

const list = [...codeRaces, ...otherRaces];

async function measure({ quick }: Settings, progress: Progress): Promise<Record<string, Figure>> {
  const stack = await stackOf(ownLimitsOnly, quick);
  const figures: Record<string, Figure> = {};
  const rounds = quick ? 1 : 10;
  const sizes = quick
    ? { runners: 8, few: (count: number) => Math.min(count, 8) }
    : { runners: 200, few: (count: number) => count };
  try {
    for (const race of list) {
      const outcomes: Outcome[] = [];
      for (let round = 0; round < rounds; round += 1) {
        outcomes.push(await race.run({ stack, api: recoverer(stack), ...sizes }));
      }
      figures[race.id] = summary(outcomes);
      progress(race.id);
    }
  } finally {
    await stack.stop();
  }
  return figures;
}

/** Counts that were the same in every round are told once; others as least to most. */
function summary(outcomes: readonly Outcome[]): Figure {
  const names = [...new Set(outcomes.flatMap(({ counted }) => Object.keys(counted)))];
  const counts = names.map((name) => {
    const seen = outcomes.map(({ counted }) => counted[name] ?? 0);
    const [least, most] = [Math.min(...seen), Math.max(...seen)];
    return `${least === most ? least : `${least} to ${most}`} ${name}`;
  });
  const rounds = outcomes.length === 1 ? '' : `, in each of ${outcomes.length} rounds`;
  return { figure: `${counts.join(', ')}${rounds}`, holds: outcomes.every(({ holds }) => holds) };
}

export const races: Measurement = {
  name: 'races',
  rows: list.map(({ id, promise, how }) => ({ id, promise, how })),
  measure,
};
