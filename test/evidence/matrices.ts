/** Matrices of faults and restarts in their whole size, of which `npm test` tries the places that matter most. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Figure, Measurement, Progress } from './measurement.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const files: Readonly<Record<string, readonly string[]>> = {
  'matrices.faults': [
    ...['one-fault', 'lasting-faults', 'all-at-once', 'worker'].map(
      (name) => `test/security/faults/${name}.test.ts`,
    ),
    'test/e2e/fault-alarms.test.ts',
  ],
  'matrices.restarts': ['test/e2e/recovery-restart.test.ts'],
};

interface Ran {
  readonly numPassedTests: number;
  readonly numTotalTests: number;
}

export const matrices: Measurement = {
  name: 'matrices',
  rows: [
    {
      id: 'matrices.faults',
      promise:
        'A fault at any request of any operation goes unseen when it is one, is a 503 when it lasts, and nothing happens twice',
      how: 'each operation with a fault and with a lost reply at each request that it makes of each service, once and lasting, with and without an `Idempotency-Key`; then every service throttled and silent under all operations at once; the table under the worker that delivers; and whatever a service or an account refuses, until an alarm counts it',
    },
    {
      id: 'matrices.restarts',
      promise: 'A recovery outlives the process that runs it, at every step of every path',
      how: 'recoveries at each step of each path while the local stack is killed: waiting, right after an answer was taken, and while answers are on their way; each is finished afterwards, or has timed out meanwhile',
    },
  ],

  async measure({ quick }, progress) {
    const figures: Record<string, Figure> = {};
    // They run in `npm test` beside this, in their small size.
    for (const [id, these] of Object.entries(files))
      figures[id] = quick
        ? { figure: 'left out of small sizes', holds: undefined }
        : figureOf(await runWhole(these, progress));
    return figures;
  },
};

const figureOf = ({ numPassedTests, numTotalTests }: Ran): Figure => ({
  figure: `${numPassedTests} of ${numTotalTests} tests passed`,
  holds: numTotalTests > 0 && numPassedTests === numTotalTests,
});

function runWhole(these: readonly string[], progress: Progress): Promise<Ran> {
  const reported = join(mkdtempSync(join(tmpdir(), 'matrices-')), 'report.json');
  const runner = ['node_modules/vitest/vitest.mjs', 'run', '--reporter=json', `--outputFile=${reported}`];
  const env = { ...process.env, TEST_SIZE: 'whole' };
  return new Promise((resolve, reject) => {
    // It ends with 1 where a test failed, and has written its report all the same.
    execFile(process.execPath, [...runner, ...these], { cwd: root, env }, (error, stdout) => {
      if (existsSync(reported)) return resolve(JSON.parse(readFileSync(reported, 'utf8')));
      progress(stdout);
      return reject(error ?? new Error('the runner wrote no report'));
    });
  });
}
