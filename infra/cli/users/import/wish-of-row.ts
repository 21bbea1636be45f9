/** What a row asks for: values to set, `null` to clear, nothing to keep; or what is wrong with it, before anything is sent. */
import { mostQuestions, unescaped } from '../rows/columns.ts';
import type { Row } from '../rows/row.ts';

export interface Refusal {
  readonly field: string;
  readonly reason: string;
}

/** As the body of `PATCH`: what is absent stays. */
export interface Wish {
  readonly userId: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** More than any field takes, so that no request is made of 10 MB in a cell. */
const mostCharacters = 1000;
const texts = ['phone', 'email', 'alternateEmail', 'locale', 'displayName'];
/** With what they are where they are cleared. */
const switches = { enabled: true, protected: false };
const words: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  1: true,
  false: false,
  no: false,
  0: false,
};

/** @returns the wish, or the first thing that is wrong */
export function wishOfRow({ cells, fault }: Row): Wish | Refusal {
  if (fault !== undefined) return { field: '', reason: fault };
  const long = Object.entries(cells).find(([, cell]) => String(cell).length > mostCharacters);
  if (long !== undefined)
    return {
      field: long[0],
      reason: `It has ${String(long[1]).length} characters; use ${mostCharacters} at most.`,
    };
  const broken = ['userId', 'aliases', 'displayName'].find((column) =>
    /[\r\n]/.test(String(cells[column] ?? '')),
  );
  if (broken !== undefined) return { field: broken, reason: 'A line break stands in it.' };
  const given = cells['userId'] ?? '';
  if (typeof given !== 'string') return { field: 'userId', reason: 'Use a text.' };
  const userId = unescaped(given).trim();
  if (userId === '') return { field: 'userId', reason: 'It is missing.' };

  const fields: Record<string, unknown> = {};
  for (const column of texts) {
    const cell = cellOf(cells[column]);
    if (cell !== undefined) fields[column] = cell;
  }
  for (const [column, cleared] of Object.entries(switches)) {
    const cell = cellOf(cells[column]);
    if (cell === undefined) continue;
    const value = cell === null ? cleared : words[String(cell).trim().toLowerCase()];
    if (value === undefined) return { field: column, reason: 'Use true or false.' };
    fields[column] = value;
  }
  const phone = fields['phone'];
  const mangled = mangledNumber(phone);
  if (mangled !== undefined) return { field: 'phone', reason: mangled };
  if (typeof phone === 'string') fields['phone'] = phone.replace(/^'(?=[+(\d])/, ''); // which made a text of it
  const aliases = cellOf(cells['aliases']);
  if (aliases !== undefined) fields['aliases'] = aliasesOf(aliases);
  const questions = questionsOf(cells);
  if ('field' in questions) return questions;
  return { userId, fields: { ...fields, ...questions } };
}

/** `undefined` keeps what is there, `null` clears it. */
function cellOf(cell: unknown): unknown {
  if (typeof cell !== 'string') return cell;
  const text = cell.trim();
  if (text === '') return undefined;
  return text === '-' ? null : unescaped(text);
}

function aliasesOf(cell: unknown): unknown {
  if (cell === null) return [];
  const list = typeof cell === 'string' ? cell.split(';').map((alias) => unescaped(alias.trim())) : cell;
  return Array.isArray(list) ? list.filter((alias) => alias !== '') : list;
}

/** What spreadsheets make of a number that they took for one to calculate with. */
function mangledNumber(phone: unknown): string | undefined {
  if (typeof phone !== 'string' && typeof phone !== 'number') return undefined;
  const text = String(phone);
  const anew = 'Make the column a text column, enter it anew, and save the file again.';
  if (/^\+?\d+([.,]\d+)?e\+?\d+$/i.test(text)) return `A spreadsheet rounded this number. ${anew}`;
  // Its last zeros would be digits of another number.
  if (/^\+?\d{5,}[.,]0+$/.test(text)) return `A spreadsheet calculated with this number. ${anew}`;
  if (text.startsWith('#')) return `A spreadsheet took this number for a formula. ${anew}`;
  return undefined;
}

function questionsOf(cells: Row['cells']): { readonly securityQuestions?: readonly object[] } | Refusal {
  const questions: object[] = [];
  for (let number = 1; number <= mostQuestions; number += 1) {
    const question = cellOf(cells[`question${number}`]);
    const answer = cellOf(cells[`answer${number}`]);
    if (question === null) return { securityQuestions: [] };
    if (question === undefined && answer === undefined) continue;
    if (question === undefined) return { field: `question${number}`, reason: 'It is missing.' };
    if (answer === undefined || answer === null)
      return { field: `answer${number}`, reason: 'It is missing.' };
    const id = typeof question === 'string' && /^[a-z0-9-]{1,32}$/.test(question);
    questions.push({ [id ? 'questionId' : 'text']: question, answer: String(answer) });
  }
  return questions.length === 0 ? {} : { securityQuestions: questions };
}
