import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

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

/** Rules, store, texts and HTTP in this process: what `npm run test:fast` runs. */
const fast = ['test/shared/**/*.test.ts'];
/** What the product is measured and tried out with; a change of the product itself seldom moves it. */
const tools = ['test/{bench,evidence,infra/local}/**/*.test.ts'];
const leaks = ['test/leaks/*.test.ts'];

export default defineConfig({
  test: {
    globalSetup: 'test/support/run.ts',
    reporters: ['default', 'test/support/printed.ts'],
    // Half of a worker's time is waiting, for a stack or a timeout: four of them keep two cores busy.
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    // Files of a worker share its modules and its stack; groups run one after the other.
    projects: [
      { test: { ...shared, name: 'fast', include: fast, isolate: false, sequence: { groupOrder: 0 } } },
      {
        test: {
          ...shared,
          name: 'product',
          include: ['test/**/*.test.ts'],
          exclude: [...fast, ...tools, ...leaks],
          isolate: false,
          sequence: { groupOrder: 1 },
        },
      },
      { test: { ...shared, name: 'tools', include: tools, isolate: false, sequence: { groupOrder: 1 } } },
      { test: { ...shared, name: 'leaks', include: leaks, sequence: { groupOrder: 2 } } },
    ],
  },
});
