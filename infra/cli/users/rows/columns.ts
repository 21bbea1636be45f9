/** The columns of a file of people, and what may stand in their cells. */
import { suggestion } from '../../../configuration/problems.ts';

const single = [
  'userId',
  'aliases',
  'phone',
  'email',
  'alternateEmail',
  'locale',
  'displayName',
  'enabled',
  'protected',
] as const;

export type Column = (typeof single)[number] | `question${number}` | `answer${number}`;

/** What an export writes: answers never come back. */
export const exportedColumns: readonly Column[] = single;

/** The most questions that a person has. */
export const mostQuestions = 10;

/** Stand in a file of refused rows, which is imported again once it was put right. */
export const remarkColumns = ['line', 'field', 'reason'] as const;

const questionColumns = Array.from({ length: mostQuestions }, (_, at): Column[] => [
  `question${at + 1}`,
  `answer${at + 1}`,
]).flat();
const columns: readonly string[] = [...single, ...questionColumns, ...remarkColumns];

/** @returns the name as it is written here, or why there is no such column */
export function columnOf(typed: string): { readonly column: string } | { readonly fault: string } {
  const name = typed.trim();
  const column = columns.find((each) => each.toLowerCase() === name.toLowerCase());
  if (column !== undefined) return { column };
  const known = `${single.join(', ')}, question1, answer1, …`;
  return { fault: `there is no column ${JSON.stringify(name)}; use ${known}${suggestion(name, columns)}` };
}

/** Spreadsheets run what begins like a formula. An apostrophe in front ends that, here as there; numbers do no harm. */
const formula = /^'*(?!\+\d+$)[=+\-@\t\r]/;

export const escaped = (cell: string): string => (formula.test(cell) ? `'${cell}` : cell);
export const unescaped = (cell: string): string =>
  cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell;
