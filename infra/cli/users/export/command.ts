/** `users export`: everybody, in the columns of an import, without answers. */
import { once } from 'node:events';
import { createWriteStream, renameSync, rmSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { Command, Option } from 'commander';
import { stringify } from 'csv-stringify/sync';
import type { Client } from '../../../../shared/client/client.ts';
import { connect } from '../../connect.ts';
import { ofEverybody } from '../../everybody.ts';
import { withExamples } from '../../examples.ts';
import { fromHere } from '../../from-here.ts';
import { UsageError } from '../../usage-error.ts';
import { escaped, exportedColumns } from '../rows/columns.ts';

interface ExportOptions {
  readonly format: keyof typeof formats;
  readonly output?: string;
}

type Values = Readonly<Record<string, unknown>>;

/** The line of the columns, if there is one, and that of a person. */
const formats = {
  csv: {
    head: stringify([exportedColumns]),
    line: (user: Values) => stringify([exportedColumns.map((column) => escaped(cellOf(user[column])))]),
  },
  ndjson: {
    head: '',
    line: (user: Values) =>
      `${JSON.stringify(Object.fromEntries(exportedColumns.map((name) => [name, user[name]])))}\n`,
  },
} as const;

export function exportCommand(): Command {
  const command = new Command('export')
    .description(
      'Writes everybody in the columns of an import, without answers. A cell that a spreadsheet would take for a ' +
        "formula begins with '; an import takes it off.",
    )
    .addOption(new Option('--format <FORM>', 'of the file').choices(Object.keys(formats)).default('csv'))
    .option('--output <FILE>', 'a file for you alone, in place of standard output')
    .configureHelp({ showGlobalOptions: true })
    .action(async ({ format, output }: ExportOptions, self: Command) => {
      const lines = linesOf(format, connect(self, 'admin'));
      if (output === undefined) await writeLines(lines, process.stdout);
      else await writeFile(lines, fromHere(output));
    });
  return withExamples(command, 'users export --output people.csv', 'users export --format ndjson');
}

/** Nothing before the first answer of the API. */
async function* linesOf(format: ExportOptions['format'], client: Client): AsyncGenerator<string> {
  const { head, line } = formats[format];
  let before = head;
  for await (const user of ofEverybody(client, (path) => client.request('readUser', { path }))) {
    yield before + line({ ...user });
    before = '';
  }
  if (before !== '') yield before;
}

async function writeLines(lines: AsyncIterable<string>, target: Writable): Promise<void> {
  for await (const line of lines) if (!target.write(line)) await once(target, 'drain');
}

/** What an earlier export left stays until this one is whole. */
async function writeFile(lines: AsyncIterable<string>, file: string): Promise<void> {
  const fresh = `${file}.part`;
  const target = createWriteStream(fresh, { mode: 0o600 });
  const opened = once(target, 'open').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be written (${error.code}); nothing was exported`);
  });
  try {
    await opened;
    await writeLines(lines, target);
    target.end();
    await finished(target);
    renameSync(fresh, file);
  } catch (error) {
    target.destroy();
    rmSync(fresh, { force: true });
    throw error;
  }
}

function cellOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return Array.isArray(value) ? value.join(';') : String(value);
}
