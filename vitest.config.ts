import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { FileOrder } from './test/support/file-order.ts';

const inRoot = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// Nothing waits that long but on a busy machine, or in vain.
const shared = {
  expect: { requireAssertions: true, poll: { timeout: 30_000 } },
  testTimeout: 120_000,
  hookTimeout: 300_000,
  // Functions of stacks too hash at the least cost; the evidence and the bench measure them as they are.
  env: { TEST_HASHES: 'low-cost' },
  // Only the import of `argon2id.ts` reads so: hundreds of hashes would take most of the time.
  alias: [{ find: /^\.\/argon2id-cost\.ts$/, replacement: inRoot('test/support/low-argon2id-cost.ts') }],
};

const leaks = ['test/leaks/*.test.ts'];
/** What the product is tried out and measured with; `npm run test:product` leaves it out. */
const tools = ['test/{bench,evidence,infra/local}/**/*.test.ts'];

export default defineConfig({
  test: {
    globalSetup: 'test/support/run.ts',
    reporters: ['default', 'test/support/printed.ts'],
    // A worker's time is half waiting, for a stack or a timeout; but each one more loads and compiles all code anew.
    maxWorkers: 4,
    sequence: { sequencer: FileOrder },
    // Files of a worker share its modules. What searches the output of all others comes after them.
    projects: [
      {
        test: {
          ...shared,
          name: 'tests',
          include: ['test/**/*.test.ts'],
          exclude: [...leaks, ...(process.env['TEST_PART'] === 'product' ? tools : [])],
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      { test: { ...shared, name: 'leaks', include: leaks, sequence: { groupOrder: 1 } } },
    ],
  },
});
