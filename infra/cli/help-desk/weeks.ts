/** Counts what operators did with backup codes, by week and operator. */
import type { BackupCodeCounts } from '../../../shared/client/schema.ts';

export interface WeekOfOperator {
  /** The Monday that it begins with, in UTC. */
  readonly week: string;
  readonly operator: string;
  readonly codes: number;
  /** Of batches that still work. */
  readonly unused: number;
  /** Batches for somebody who had one in the same week before. */
  readonly repeated: number;
  readonly refused: number;
}

type Counted = 'codes' | 'unused' | 'repeated' | 'refused';

/** Newest week first, by operator. */
export function weeksOf(people: readonly BackupCodeCounts[]): readonly WeekOfOperator[] {
  const found = new Map<string, Record<Counted, number> & { week: string; operator: string }>();
  const add = (at: string, operator: string, what: Counted, number: number): void => {
    const week = mondayOf(at);
    const key = JSON.stringify([week, operator]);
    const row = found.get(key) ?? { week, operator, codes: 0, unused: 0, repeated: 0, refused: 0 };
    row[what] += number;
    found.set(key, row);
  };
  for (const { generations, refusals, ...counts } of people) {
    for (const [place, { generatedAt, operator = 'unknown', count }] of generations.entries()) {
      add(generatedAt, operator, 'codes', count);
      // Newest first: what comes later in the list came before.
      const isAgain = generations
        .slice(place + 1)
        .some((earlier) => mondayOf(earlier.generatedAt) === mondayOf(generatedAt));
      if (isAgain) add(generatedAt, operator, 'repeated', 1);
    }
    for (const { remaining, generatedAt, operator = 'unknown' } of [counts.static, counts['one-time']])
      if (generatedAt !== undefined) add(generatedAt, operator, 'unused', remaining);
    for (const { refusedAt, operator } of refusals) add(refusedAt, operator, 'refused', 1);
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
