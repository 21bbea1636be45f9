/** Matrices of faults in their whole size, of which `npm test` tries the places that matter most. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Measurement } from './measurement.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const files = ['one-fault', 'lasting-faults', 'all-at-once'].map(
  (name) => `test/security/faults/${name}.test.ts`,
);

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
      how: 'each operation with a fault and with a lost reply at each request that it makes of each service, once and lasting, with and without an `Idempotency-Key`; then every service throttled and silent under all operations at once',
    },
  ],

  async measure({ quick }, progress) {
    // They run in `npm test` beside this, in their small size.
    if (quick) return { 'matrices.faults': { figure: 'left out of small sizes', holds: undefined } };
    const { numPassedTests, numTotalTests } = await runWhole(progress);
    return {
      'matrices.faults': {
        figure: `${numPassedTests} of ${numTotalTests} tests passed`,
        holds: numTotalTests > 0 && numPassedTests === numTotalTests,
      },
    };
  },
};

function runWhole(progress: (line: string) => void): Promise<Ran> {
  const reported = join(mkdtempSync(join(tmpdir(), 'matrices-')), 'report.json');
  const runner = ['node_modules/vitest/vitest.mjs', 'run', '--reporter=json', `--outputFile=${reported}`];
  const env = { ...process.env, TEST_SIZE: 'whole' };
  return new Promise((resolve, reject) => {
    // It ends with 1 where a test failed, and has written its report all the same.
    execFile(process.execPath, [...runner, ...files], { cwd: root, env }, (error, stdout) => {
      if (existsSync(reported)) return resolve(JSON.parse(readFileSync(reported, 'utf8')));
      progress(stdout);
      return reject(error ?? new Error('the runner wrote no report'));
    });
  });
}
