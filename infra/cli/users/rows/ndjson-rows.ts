/** Rows of NDJSON: one object in each line, whose members are the columns. */
import { UsageError } from '../../usage-error.ts';
import { columnOf } from './columns.ts';
import { mostRowCharacters, type Row } from './row.ts';

/** @throws UsageError where a line does not end */
export async function* ndjsonRows(text: AsyncGenerator<string>, file: string): AsyncGenerator<Row> {
  let line = 0;
  for await (const written of linesOf(text, file)) {
    line += 1;
    if (written.trim() !== '') yield rowOf(written, line);
  }
}

async function* linesOf(text: AsyncGenerator<string>, file: string): AsyncGenerator<string> {
  let open: string[] = [];
  let length = 0;
  for await (const piece of text) {
    const [first = '', ...more] = piece.split('\n');
    open.push(first);
    length += first.length;
    if (length > mostRowCharacters)
      throw new UsageError(`${file}: a line does not end; use one object in each line`);
    for (const next of more) {
      yield open.join('');
      open = [next];
      length = next.length;
    }
  }
  yield open.join('');
}

function rowOf(written: string, line: number): Row {
  let value: unknown;
  try {
    value = JSON.parse(written);
  } catch {
    return { line, cells: {}, fault: 'this line is not JSON' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { line, cells: {}, fault: 'this line is no JSON object' };
  const named = Object.entries(value).map(([name, cell]) => ({ ...columnOf(name), cell }));
  // Also of a line that is refused: what is right in it stands in the file of refused rows.
  const cells = Object.fromEntries(
    named.flatMap((each) => ('column' in each ? [[each.column, each.cell]] : [])),
  );
  const faults = named.flatMap((each) => ('fault' in each ? [each.fault] : []));
  return { line, cells, ...(faults.length === 0 ? {} : { fault: faults.join('; ') }) };
}
