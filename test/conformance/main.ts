/** `npm run conformance`: scim2-tester from PyPI against a local stack of its own; needs Python 3.10 or later. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startStack } from '../stack.ts';
import setUp from '../support/run.ts';

const packages = ['scim2-tester==0.5.2', 'scim2-client[httpx2]==0.13.2'];
const script = fileURLToPath(new URL('scim.py', import.meta.url));

const removeRun = setUp();
process.once('exit', removeRun);
const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
const run = (command: string, ...parameters: string[]) => {
  const { status, error } = spawnSync(command, parameters, { stdio: 'inherit' });
  if (error === undefined && status === 0) return true;
  console.error(
    `conformance: ${command} ${parameters.join(' ')}: ${error?.message ?? `ended with ${status}`}`,
  );
  return false;
};

const python = join(folder, 'bin', 'python');
if (!run('python3', '-m', 'venv', folder) || !run(python, '-m', 'pip', 'install', '-q', ...packages)) {
  console.error(
    '  Next: install Python 3.10 or later, and check the way to PyPI (pip download scim2-tester).',
  );
  process.exit(2);
}
const stack = await startStack();
const passed = run(python, script, `${stack.origin}/scim/v2`);
await stack.stop();
process.exit(passed ? 0 : 1);
