/** Runs scim2-tester from PyPI against a stack, in a Python environment of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { runDirectory } from '../synthesized.ts';

export const tester = 'scim2-tester 0.5.2';
const packages = ['scim2-tester==0.5.2', 'scim2-client[httpx2]==0.13.2'];
const script = fileURLToPath(new URL('scim.py', import.meta.url));

/** Without Python, or without a way to PyPI. */
export class NoTester extends Error {
  override readonly name = 'NoTester';
}

/**
 * What each check came to that did not succeed, and at the end how many came to what, a line each.
 *
 * @throws {NoTester}
 */
export async function checkScim(origin: string): Promise<readonly string[]> {
  const folder = mkdtempSync(join(runDirectory(), 'conformance-'));
  const python = join(folder, 'bin', 'python');
  for (const [command, ...parameters] of [
    ['python3', '-m', 'venv', folder],
    [python, '-m', 'pip', 'install', '-q', ...packages],
  ] as const) {
    const { code } = await run(command, parameters);
    if (code !== 0) throw new NoTester(`${command} ${parameters.join(' ')} ended with ${code}`);
  }
  return (await run(python, [script, `${origin}/scim/v2`])).lines;
}

async function run(command: string, parameters: readonly string[]) {
  const child = spawn(command, parameters, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const [code] = await Promise.race([
    once(child, 'close'),
    once(child, 'error').then(([error]) => [String(error)]),
  ]);
  return { code, lines };
}
