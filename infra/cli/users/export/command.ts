/** `users export`: everybody, in the columns of an import, without answers. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { Command, Option } from 'commander';
import { stringify } from 'csv-stringify/sync';
import { connect } from '../../connect.ts';
import { withExamples } from '../../examples.ts';
import { fromHere } from '../../from-here.ts';
import { escaped, exportedColumns } from '../rows/columns.ts';
import { everybody } from './everybody.ts';

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
      const { head, line } = formats[format];
      const target =
        output === undefined ? process.stdout : createWriteStream(fromHere(output), { mode: 0o600 });
      target.write(head);
      for await (const user of everybody(connect(self, 'admin')))
        if (!target.write(line({ ...user }))) await once(target, 'drain');
      if (target === process.stdout) return;
      target.end();
      await finished(target);
    });
  return withExamples(command, 'users export --output people.csv', 'users export --format ndjson');
}

function cellOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return Array.isArray(value) ? value.join(';') : String(value);
}
