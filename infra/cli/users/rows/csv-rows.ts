/** Rows of CSV: the delimiter is found out, the header is checked, and a row with other cells than it is told. */
import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { UsageError } from '../../usage-error.ts';
import { columnOf } from './columns.ts';
import { mostRowCharacters, type Row } from './row.ts';

/** @throws UsageError */
export async function* csvRows(text: AsyncGenerator<string>, file: string): AsyncGenerator<Row> {
  const begun = await beginning(text);
  const { delimiter, skipped } = delimiterOf(begun);
  let last = 0; // line of the last row that was whole
  const parser = parse({
    delimiter,
    from_line: skipped + 1,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: mostRowCharacters,
    on_record: (record: string[], { lines }) => {
      last = lines;
      return record;
    },
  });
  pipeline(Readable.from(joined(begun, text)), parser, () => {}); // iterating the parser throws what it ends with
  let header: string[] | undefined;
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      if (header === undefined) header = headerOf(record, file);
      else if (record.some((cell) => cell.trim() !== '')) yield rowOf(header, record, info.lines);
    }
  } catch (error) {
    throw error instanceof CsvError ? new UsageError(`${file}, ${placeOf(error, last + 1)}`) : error;
  }
  if (header === undefined) throw new UsageError(`${file} is empty: its first line names the columns`);
}

interface Parsed {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** As much as its first two lines, or all of it. */
async function beginning(text: AsyncGenerator<string>): Promise<string> {
  let begun = '';
  while (begun.split('\n').length < 3 && begun.length < mostRowCharacters) {
    const { value, done } = await text.next();
    if (done) break;
    begun += value;
  }
  return begun;
}

async function* joined(begun: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  yield begun;
  yield* rest;
}

/** The one by which most columns are known. Spreadsheets also name it in a line of its own, `sep=;`. */
function delimiterOf(begun: string): { readonly delimiter: string; readonly skipped: number } {
  const [first = ''] = begun.split(/\r?\n/);
  const named = /^sep=(.)$/i.exec(first)?.[1];
  if (named !== undefined) return { delimiter: named, skipped: 1 };
  const known = (delimiter: string) =>
    first.split(delimiter).filter((cell) => 'column' in columnOf(cell.replaceAll('"', ''))).length;
  const [delimiter = ','] = [',', ';', '\t'].toSorted((one, other) => known(other) - known(one));
  return { delimiter, skipped: 0 };
}

/** @throws UsageError that names every column that there is not */
function headerOf(record: readonly string[], file: string): string[] {
  const named = record.map(columnOf);
  const faults = named.flatMap((each) => ('fault' in each ? [each.fault] : []));
  const header = named.flatMap((each) => ('column' in each ? [each.column] : []));
  const twice = header.find((column, at) => header.indexOf(column) !== at);
  if (twice !== undefined) faults.push(`the column ${twice} is there twice`);
  if (faults.length === 0 && !header.includes('userId')) faults.push('the column userId is missing');
  if (faults.length > 0) throw new UsageError(faults.map((fault) => `${file}: ${fault}`).join('\n'));
  return header;
}

function rowOf(header: readonly string[], record: readonly string[], line: number): Row {
  const cells = Object.fromEntries(header.map((column, at) => [column, record[at] ?? '']));
  if (record.slice(header.length).every((cell) => cell === '')) return { line, cells };
  const fault = `it has ${record.length} cells and the first line has ${header.length}; put quotes around a text with the delimiter in it`;
  return { line, cells, fault };
}

/** @param begun line of the row that is not whole */
function placeOf({ code, lines }: CsvError & { readonly lines?: number }, begun: number): string {
  if (code === 'CSV_QUOTE_NOT_CLOSED') return `line ${begun}: a quote is opened that is never closed`;
  if (code === 'CSV_MAX_RECORD_SIZE') return `line ${begun}: the row does not end; is a quote missing?`;
  return `line ${lines ?? begun}: a quote stands where none may; put quotes around the whole cell, and write each inside twice`;
}
