/** Counts what operators did with backup codes, by week and operator. */
import type { BackupCodeCounts } from '../../../shared/client/schema.ts';

export interface WeekOfOperator {
  /** The Monday that it begins with, in UTC. */
  readonly week: string;
  readonly operator: string;
  /** The `operator` of the log; absent where a deployment does not tell it yet. */
  readonly reference?: string | undefined;
  readonly codes: number;
  /** Of batches that still work. */
  readonly unused: number;
  /** Batches for somebody who had one in the same week before. */
  readonly repeated: number;
  readonly refused: number;
}

type Counted = 'codes' | 'unused' | 'repeated' | 'refused';
type Named = 'week' | 'operator' | 'reference';

interface Asked {
  readonly operator?: string | undefined;
  readonly operatorReference?: string | undefined;
}

/** Newest week first, by operator. */
export function weeksOf(people: readonly BackupCodeCounts[]): readonly WeekOfOperator[] {
  const found = new Map<string, Record<Counted, number> & Pick<WeekOfOperator, Named>>();
  const add = (at: string, asked: Asked, what: Counted, number: number): void => {
    const week = mondayOf(at);
    const { operator = 'unknown', operatorReference: reference } = asked;
    const key = JSON.stringify([week, operator]);
    const row = found.get(key) ?? { week, operator, reference, codes: 0, unused: 0, repeated: 0, refused: 0 };
    row[what] += number;
    found.set(key, row);
  };
  for (const { generations, refusals, ...counts } of people) {
    for (const [place, made] of generations.entries()) {
      const { generatedAt, count } = made;
      add(generatedAt, made, 'codes', count);
      // Newest first: what comes later in the list came before.
      const isAgain = generations
        .slice(place + 1)
        .some((earlier) => mondayOf(earlier.generatedAt) === mondayOf(generatedAt));
      if (isAgain) add(generatedAt, made, 'repeated', 1);
    }
    for (const kept of [counts.static, counts['one-time']])
      if (kept.generatedAt !== undefined) add(kept.generatedAt, kept, 'unused', kept.remaining);
    for (const refusal of refusals) add(refusal.refusedAt, refusal, 'refused', 1);
  }
  const rows = [...found.values()].toSorted((one, other) => compare(one.operator, other.operator));
  return rows.toSorted((one, other) => compare(other.week, one.week));
}

const compare = (one: string, other: string): number => (one < other ? -1 : Number(one > other));

function mondayOf(at: string): string {
  const day = new Date(at);
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  return day.toISOString().slice(0, 10);
}
