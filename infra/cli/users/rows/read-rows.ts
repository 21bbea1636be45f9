/** The rows of a file of people, one after the other, whichever form it has. */
import { UsageError } from '../../usage-error.ts';
import { csvRows } from './csv-rows.ts';
import { decode, type Encoding } from './decode.ts';
import { ndjsonRows } from './ndjson-rows.ts';
import type { Row } from './row.ts';

/** @throws UsageError with its line, where the file as a whole cannot be read */
export function readRows(file: string, encoding: Encoding): AsyncGenerator<Row> {
  const text = decode(file, encoding);
  if (/\.(ndjson|jsonl)$/i.test(file)) return ndjsonRows(text, file);
  if (/\.json$/i.test(file))
    throw new UsageError(`${file}: use .ndjson with one object in each line, or .csv`);
  return csvRows(text, file);
}
