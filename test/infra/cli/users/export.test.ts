/** An export that fails: what an earlier one left stays. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { mfaProgram } from '../../../../infra/cli/program.ts';
import { run } from '../../../../infra/cli/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'export-'));
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** A port at which nobody listens any more. */
async function silentPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('without a network it ends at once, says what to check, and leaves the file of yesterday', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  const file = join(folder, 'people.csv');
  writeFileSync(file, 'yesterday');
  const api = `http://127.0.0.1:${await silentPort()}`;
  await run(mfaProgram('mfa'), ['users', 'export', '--output', file, '--api', api]);
  expect(process.exitCode).toBe(4);
  expect(said.mock.calls.flat().join()).toContain('check --api');
  expect(readFileSync(file, 'utf8')).toBe('yesterday');
  expect(readdirSync(folder)).toEqual(['people.csv']);
});
