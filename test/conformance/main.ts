/** `npm run conformance`: scim2-tester against a local stack of its own; needs Python 3.10 or later. */
import { startStack } from '../stack.ts';
import setUp from '../support/run.ts';
import { checkScim, NoTester } from './run.ts';

const removeRun = setUp();
process.once('exit', removeRun);
const stack = await startStack();
try {
  const lines = await checkScim(stack.origin);
  for (const line of lines) console.log(line);
  process.exitCode = /\b(?:error|critical)\b/.test(lines.at(-1) ?? 'error') ? 1 : 0;
} catch (error) {
  if (!(error instanceof NoTester)) throw error;
  console.error(
    `conformance: ${error.message}\n  Next: install Python 3.10 or later, and check the way to PyPI (pip download scim2-tester).`,
  );
  process.exitCode = 2;
} finally {
  await stack.stop();
}
process.exit();
