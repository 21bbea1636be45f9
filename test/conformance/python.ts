/** Tools from PyPI, in a Python environment of their own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { runDirectory } from '../synthesized.ts';

/** Without Python, or without a way to PyPI. */
export class NoTester extends Error {
  override readonly name = 'NoTester';
}

/** @param packages as pip takes them. @returns the folder of the commands. @throws {NoTester} */
export async function installed(packages: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(runDirectory(), 'conformance-'));
  const commands = join(folder, 'bin');
  for (const [command, ...parameters] of [
    ['python3', '-m', 'venv', folder],
    [join(commands, 'python'), '-m', 'pip', 'install', '-q', ...packages],
  ] as const) {
    const { code } = await run(command, parameters);
    if (code !== 0) throw new NoTester(`${command} ${parameters.join(' ')} ended with ${code}`);
  }
  return commands;
}

/** @returns the exit code, or why it could not be started, and the lines that it printed. */
export async function run(command: string, parameters: readonly string[]) {
  const child = spawn(command, parameters, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const [code] = await Promise.race([
    once(child, 'close'),
    once(child, 'error').then(([error]) => [String(error)]),
  ]);
  return { code, lines };
}
