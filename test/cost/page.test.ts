/** docs/cost.md is what the program writes now, figure by figure: they are counted, and not timed. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { currentPage } from './current-page.ts';

test('the page is what npm run cost writes', async () => {
  const page = readFileSync(new URL('../../docs/cost.md', import.meta.url), 'utf8');
  expect(page).toBe(await currentPage());
});
