import { defineConfig } from 'vitest/config';

// Nothing waits that long but on a busy machine, or in vain.
const shared = {
  expect: { requireAssertions: true, poll: { timeout: 30_000 } },
  testTimeout: 120_000,
  hookTimeout: 300_000,
};

export default defineConfig({
  test: {
    globalSetup: 'test/support/run.ts',
    reporters: ['default', 'test/support/printed.ts'],
    // A stack of its own for each end-to-end file: more files at once would only wait for each other.
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...shared,
          name: 'tests',
          include: ['test/**/*.test.ts'],
          exclude: ['test/leaks/**'],
          sequence: { groupOrder: 1 },
        },
      },
      { test: { ...shared, name: 'leaks', include: ['test/leaks/*.test.ts'], sequence: { groupOrder: 2 } } },
    ],
  },
});
