/** What a command found or did: lines for a person, and with `--json` one value for programs. */
import type { Command } from 'commander';

export interface Report {
  readonly text: string;
  readonly value: unknown;
}

/** `--json` may stand before the command or after it. */
export const wantsJson = (command: Command): boolean =>
  command.optsWithGlobals<{ json?: boolean }>().json === true;

export function print(command: Command, { text, value }: Report): void {
  console.log(wantsJson(command) ? JSON.stringify(value, null, 2) : text);
}

/** A name with its value in each line, whatever fields the API comes to answer: `phone  +12025550123`. */
export function fieldLines(value: object): string[] {
  const rows = rowsOf('', value);
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `${name.padEnd(width)}  ${text}`);
}

function rowsOf(path: string, value: unknown): [string, string][] {
  if (Array.isArray(value) && value.every((each) => typeof each !== 'object'))
    return [[path, value.map(printable).join(', ') || 'none']];
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, inner]) =>
      rowsOf(path === '' ? name : `${path}.${name}`, inner),
    );
  return value === undefined ? [] : [[path, printable(value)]];
}

/** Without what could move the cursor of a terminal or turn the line round. */
const printable = (value: unknown): string => String(value).replace(/\p{C}/gu, '');
