/** Imports a file of people: all of it is read once to be sure that it can be, then row by row, several at a time. */
import type { Client } from '../../../../shared/client/client.ts';
import type { Encoding } from '../rows/decode.ts';
import { readRows } from '../rows/read-rows.ts';
import type { Row } from '../rows/row.ts';
import { type Applied, applyWish } from './apply-wish.ts';
import { NamesSeen } from './names-seen.ts';
import { patience } from './patience.ts';
import { type Counts, showProgress } from './progress.ts';
import { RefusedFile } from './refused-file.ts';
import { wishOfRow } from './wish-of-row.ts';

export interface ImportOptions {
  readonly encoding: Encoding;
  readonly dryRun: boolean;
  /** How many people at a time. */
  readonly atOnce: number;
}

export interface Imported extends Counts {
  readonly rows: number;
  readonly dryRun: boolean;
  readonly seconds: number;
  /** Where the refused rows are. */
  readonly refusedFile?: string | undefined;
}

/** @throws UsageError before anything is sent, where the file as a whole cannot be read */
export async function importFile(
  file: string,
  { encoding, dryRun, atOnce }: ImportOptions,
  client: Client,
): Promise<Imported> {
  const began = Date.now();
  const { rows, columns } = await lookedThrough(file, encoding);
  const counts: Counts = { created: 0, changed: 0, unchanged: 0, refused: 0 };
  const refusedFile = new RefusedFile(file, columns);
  const names = new NamesSeen();
  const waiting = patience();
  const progress = showProgress(counts, rows);

  const apply = async (row: Row): Promise<void> => {
    const wish = wishOfRow(row);
    const refusal = 'reason' in wish ? wish : names.claim(wish, row.line);
    const applied: Applied =
      refusal !== undefined || 'reason' in wish
        ? { kind: 'refused', ...(refusal as NonNullable<typeof refusal>) }
        : await applyWish(wish, client, waiting, dryRun);
    counts[applied.kind] += 1;
    if (applied.kind === 'refused') await refusedFile.add(row, applied);
    progress.note();
  };
  try {
    await atATime(readRows(file, encoding), atOnce, apply);
  } finally {
    progress.end();
  }
  const seconds = (Date.now() - began) / 1000;
  return { rows, ...counts, dryRun, seconds, refusedFile: await refusedFile.close() };
}

/** @throws UsageError with the line where the file cannot be read */
async function lookedThrough(file: string, encoding: Encoding) {
  let rows = 0;
  const columns = new Set<string>();
  for await (const { cells } of readRows(file, encoding)) {
    rows += 1;
    for (const column of Object.keys(cells)) columns.add(column);
  }
  return { rows, columns };
}

/** The first fault ends the others after the row that each is at. */
async function atATime(
  rows: AsyncGenerator<Row>,
  atOnce: number,
  apply: (row: Row) => Promise<void>,
): Promise<void> {
  let failed = false;
  const work = async (): Promise<void> => {
    for (;;) {
      const { value, done } = await rows.next();
      if (done || failed) return;
      await apply(value).catch((error) => {
        failed = true;
        throw error;
      });
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: atOnce }, work));
  await rows.return(undefined);
  const fault = ended.find((each) => each.status === 'rejected');
  if (fault !== undefined) throw fault.reason;
}
