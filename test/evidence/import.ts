/** Import: a file of people, its import killed twice in the middle and resumed, and what came of it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { orThrow } from '../../shared/client/index.ts';
import { clientOf } from '../e2e/people.ts';
import { type Stack, startStack } from '../stack.ts';
import { runDirectory } from '../synthesized.ts';
import { stackOf } from './inside/stack.ts';
import { type Figure, grouped, type Measurement } from './measurement.ts';
import { ownLimitsOnly } from './policies.ts';

const program = fileURLToPath(new URL('../../infra/cli/main.ts', import.meta.url));
/** One row in so many has a number that cannot be. */
const refusedEach = 100;

/** Every name, number and address of it is fictitious. */
export async function writePeople(rows: number): Promise<string> {
  const file = join(mkdtempSync(join(runDirectory(), 'import-')), 'people.csv');
  const stream = createWriteStream(file);
  stream.write('userId,phone,email,displayName\n');
  for (let row = 1; row <= rows; row += 1) {
    const phone = row % refusedEach === 0 ? '12' : `+1202555${String(row % 10_000).padStart(4, '0')}`;
    const line = `person-${row},${phone},person-${row}@example.com,"Person, ${row}"\n`;
    if (!stream.write(line)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'close');
  return file;
}

export interface Run {
  /** What it printed as JSON; `undefined` for one that was killed. */
  readonly imported: Readonly<Record<string, number>> | undefined;
  /** Megabytes in memory at each tenth. */
  readonly memory: readonly number[];
  readonly seconds: number;
}

/** @param killAt the part of the rows after which the process is killed, as by a power cut */
export async function runImport(
  { origin }: Pick<Stack, 'origin'>,
  file: string,
  killAt = Number.POSITIVE_INFINITY,
): Promise<Run> {
  const began = performance.now();
  const args = [program, '--json', '--api', origin, 'users', 'import', file];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', MFA_CLIENT_ID: '' },
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    printed += piece;
  });
  const memory: number[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    const [, done, total] = /^([\d,]+) of ([\d,]+) rows/.exec(line) ?? [];
    if (done === undefined || total === undefined) return;
    memory.push(memoryOf(child));
    const whole = (text: string) => Number(text.replaceAll(',', ''));
    if (whole(done) / whole(total) >= killAt) child.kill('SIGKILL');
  });
  await once(child, 'close');
  const imported = child.signalCode === null ? JSON.parse(printed) : undefined;
  return { imported, memory, seconds: (performance.now() - began) / 1000 };
}

/** Linux alone tells it; elsewhere 0. */
function memoryOf({ pid }: ChildProcess): number {
  const status = `/proc/${pid}/status`;
  if (!existsSync(status)) return 0;
  return Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(status, 'utf8'))?.[1] ?? 0) / 1024);
}

/** Lines that an export prints, those of the columns and of alice left out. */
async function exported(stack: Stack): Promise<number> {
  const args = [program, '--api', stack.origin, 'users', 'export'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let lines = -1;
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (!line.startsWith('alice,')) lines += 1;
  });
  await once(child, 'close');
  return lines;
}

/** The same without another process. */
async function listed(stack: Stack): Promise<number> {
  const client = clientOf(stack, 'admin');
  let people = 0;
  for (let cursor: string | undefined; ; ) {
    const query = { limit: 100, ...(cursor === undefined ? {} : { cursor }) };
    const page = orThrow(await client.request('listUsers', { query }));
    people += page.users.length;
    if (page.cursor === undefined) return people;
    ({ cursor } = page);
  }
}

export const importing: Measurement = {
  name: 'import',
  rows: [
    {
      id: 'import.counts',
      promise: 'An import that is killed and run again loses nobody, doubles nobody and sends nothing',
      how: '`users import` of a file with one bad number in a hundred, killed at three and at six tenths, then run to its end, then run once more; `users export` counts the people',
    },
    {
      id: 'import.rate',
      promise: 'How fast it is',
      how: 'rows a second of the runs; the stack shares the cores',
    },
  ],

  async measure({ quick, importRows: rows }, progress) {
    const stack = await (quick ? stackOf(ownLimitsOnly, quick) : startStack());
    try {
      const file = await writePeople(rows);
      const runs: Run[] = [];
      const killedAt = quick ? [0.3] : [0.3, 0.6];
      // Small sizes leave the last run to the test of the import, which finds that a repetition changes nothing.
      const all = [...killedAt, undefined, ...(quick ? [] : [undefined])];
      for (const killAt of all) {
        runs.push(await runImport(stack, file, killAt));
        progress(`run ${runs.length} of ${all.length}, ${runs.at(-1)?.seconds.toFixed(0)} s`);
      }
      const [whole, last] = [runs[killedAt.length], runs.at(-1)] as [Run, Run];
      const people = await (quick ? listed(stack) : exported(stack));
      const messages = (await stack.outbox()).length;
      const bad = Math.floor(rows / refusedEach);
      const created = quick ? (last.imported?.['created'] ?? 0) : 0;
      const expected = { created, changed: 0, unchanged: rows - bad - created, refused: bad };
      const isKilled = runs.slice(0, killedAt.length).every(({ imported }) => imported === undefined);
      const counts = Object.entries(expected).every(([name, count]) => last.imported?.[name] === count);
      const holds =
        isKilled && counts && people === rows - bad && messages === 0 && whole.imported?.['changed'] === 0;
      return {
        'import.counts': {
          figure: `${grouped(rows)} rows: ${grouped(people)} people, ${grouped(last.imported?.['refused'] ?? 0)} refused, ${messages} messages; the last run found ${grouped(last.imported?.['unchanged'] ?? 0)} as they were and ${last.imported?.['changed']} changed`,
          holds,
        },
        'import.rate': rateFigure(rows, whole, last),
      };
    } finally {
      await stack.stop();
    }
  },
};

function rateFigure(rows: number, whole: Run, last: Run): Figure {
  const made = whole.imported?.['created'] ?? 0;
  return {
    figure: `${grouped(made)} new of ${grouped(rows)} in ${whole.seconds.toFixed(0)} s; all as they were in ${last.seconds.toFixed(0)} s, ${(rows / last.seconds).toFixed(0)} a second`,
    holds: undefined,
  };
}
