/** Runs after every other test: whatever the functions asked AWS for in this run, the template grants it. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { refusalsExpected, refusalsIn } from '../support/refusals.ts';
import { runDirectory } from '../synthesized.ts';

test('every request of this run lies inside what its function is granted', () => {
  const folders = readdirSync(runDirectory())
    .filter((name) => name.startsWith('stack-'))
    .map((name) => join(runDirectory(), name))
    .filter(
      (folder) => existsSync(join(folder, 'output.log')) && !existsSync(join(folder, refusalsExpected)),
    );
  expect(folders.flatMap((folder) => refusalsIn(join(folder, 'output.log')))).toEqual([]);
});
