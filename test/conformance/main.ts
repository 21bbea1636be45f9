/** `npm run conformance`: scim2-tester against a local stack, cfn-lint over templates; needs Python 3.10 or later. */
import { startStack } from '../stack.ts';
import setUp from '../support/run.ts';
import { NoTester } from './python.ts';
import { checkScim } from './scim.ts';
import { lintTemplates } from './templates.ts';

const removeRun = setUp();
process.once('exit', removeRun);
const stack = await startStack();
try {
  const lines = await checkScim(stack.origin);
  for (const line of lines) console.log(line);
  const findings = await lintTemplates();
  console.log(findings.length === 0 ? 'cfn-lint finds nothing in the templates' : findings.join('\n'));
  const isWrong = findings.length > 0 || /\b(?:error|critical)\b/.test(lines.at(-1) ?? 'error');
  process.exitCode = isWrong ? 1 : 0;
} catch (error) {
  if (!(error instanceof NoTester)) throw error;
  console.error(
    `conformance: ${error.message}\n  Next: install Python 3.10 or later, and check the way to PyPI (pip download scim2-tester cfn-lint).`,
  );
  process.exitCode = 2;
} finally {
  await stack.stop();
}
process.exit();
