/** `FILE.refused.csv`: each refused row as it was, with the line, the field and the reason beside it. */
import { once } from 'node:events';
import { createWriteStream, rmSync, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { stringify } from 'csv-stringify/sync';
import { escaped, remarkColumns } from '../rows/columns.ts';
import type { Row } from '../rows/row.ts';
import type { Refusal } from './wish-of-row.ts';

export class RefusedFile {
  readonly path: string;
  readonly #columns: readonly string[];
  #stream: WriteStream | undefined;

  /**
   * What an earlier run left is removed.
   *
   * @param columns of all rows of the file: lines of NDJSON may have others each
   */
  constructor(file: string, columns: Iterable<string>) {
    this.path = `${file}.refused.csv`;
    this.#columns = Array.from(columns).filter((column) => !isRemark(column));
    rmSync(this.path, { force: true });
  }

  async add({ line, cells }: Row, { field, reason }: Refusal): Promise<void> {
    if (this.#stream === undefined) {
      // Spreadsheets take a file for UTF-8 by its byte order mark. Answers stand in it: for its owner alone.
      this.#stream = createWriteStream(this.path, { mode: 0o600 });
      this.#stream.write(`\uFEFF${stringify([[...this.#columns, ...remarkColumns]])}`);
    }
    const values = this.#columns.map((column) => textOf(cells[column]));
    const room = this.#stream.write(stringify([[...values, line, escaped(field), escaped(reason)]]));
    if (!room) await once(this.#stream, 'drain');
  }

  /** @returns its path, if a row was refused */
  async close(): Promise<string | undefined> {
    if (this.#stream === undefined) return undefined;
    this.#stream.end();
    await finished(this.#stream);
    return this.path;
  }
}

const isRemark = (column: string): boolean => (remarkColumns as readonly string[]).includes(column);

/** CSV cells as they were written, so that nothing is changed by a correction beside them. */
function textOf(cell: unknown): string {
  if (cell === undefined) return '';
  if (cell === null) return '-';
  if (Array.isArray(cell)) return cell.join(';');
  return String(cell);
}
