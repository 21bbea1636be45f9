/** `npm run cost`: counts what sign-ins consume, and prints the page or writes it to docs/cost.md. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { currentPage } from './current-page.ts';

const { values } = parseArgs({
  options: { write: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});
if (values.help) {
  console.log(`npm run cost -- [--write]

  Prints what a sign-in and an idle month cost and which limit binds first.
  --write  write it to docs/cost.md`);
  process.exit();
}
const page = await currentPage();
const file = fileURLToPath(new URL('../../docs/cost.md', import.meta.url));
if (values.write) writeFileSync(file, page);
else console.log(page);
