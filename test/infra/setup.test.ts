import { type ChildProcess, spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../infra/setup.mjs', import.meta.url));
let project: string;

/** Stands in for npm: notes each call and installs what a real one would leave behind. */
const npm = `
const { appendFileSync, existsSync, mkdirSync, symlinkSync, writeFileSync } = require('node:fs');
appendFileSync('calls', process.argv.slice(2).join(' ') + '\\n');
if (process.env.FAIL) process.exit(1);
setTimeout(() => {
  mkdirSync('node_modules/.bin', { recursive: true });
  mkdirSync('node_modules/node/bin', { recursive: true });
  writeFileSync('node_modules/.package-lock.json', '{"packages":{"node_modules/a":{"version":"1.0.0"}}}');
  if (!process.env.NO_NODE && !existsSync('node_modules/node/bin/node')) symlinkSync(process.execPath, 'node_modules/node/bin/node');
}, 300);
`;

function run(environment: Record<string, string> = {}): Promise<{ code: number | null; output: string }> {
  const child: ChildProcess = spawn(process.execPath, [join(project, 'infra', 'setup.mjs')], {
    env: { ...process.env, npm_execpath: join(project, 'npm.js'), ...environment },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (text) => {
      output += text;
    });
  }
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}

const lockfile = (version: string) =>
  JSON.stringify({
    packages: { '': {}, 'node_modules/a': { version }, 'node_modules/b': { version, optional: true } },
  });
const installs = () =>
  existsSync(join(project, 'calls'))
    ? readFileSync(join(project, 'calls'), 'utf8').trim().split('\n').length
    : 0;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'setup-'));
  mkdirSync(join(project, 'infra'));
  copyFileSync(script, join(project, 'infra', 'setup.mjs'));
  writeFileSync(join(project, 'npm.js'), npm);
  writeFileSync(join(project, 'package-lock.json'), lockfile('1.0.0'));
});
afterEach(() => rmSync(project, { recursive: true }));

describe('the set-up', () => {
  it('installs from the lockfile once, and says so before and after', async () => {
    const { code, output } = await run();
    expect(code).toBe(0);
    // No number of packages: npm counts those for other systems out, and says its own.
    expect(output).toContain('setup: installing what package-lock.json names (once, one to two minutes)\n');
    expect(output).toMatch(/setup: packages ready in \d+ s, Node v24/);
    expect(readFileSync(join(project, 'calls'), 'utf8')).toMatch(/^ci /);
    expect(await run()).toEqual({ code: 0, output: '' });
    expect(installs()).toBe(1);
  });

  it('installs again when the lockfile names other versions', async () => {
    await run();
    writeFileSync(join(project, 'package-lock.json'), lockfile('2.0.0'));
    await run();
    expect(installs()).toBe(2);
  });

  it('leaves an installation alone that matches the lockfile, whoever made it', async () => {
    await run();
    rmSync(join(project, 'node_modules', '.installed'));
    expect((await run()).output).toMatch(/^setup: packages ready, Node v24/);
    expect(installs()).toBe(1);
  });

  it('installs once when two start at the same time', async () => {
    const both = await Promise.all([run(), run()]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(installs()).toBe(1);
  });

  it('is not held up by the lock of a run that was killed', async () => {
    mkdirSync(join(project, '.stage'));
    writeFileSync(join(project, '.stage', 'setup.lock'), '999999999');
    expect((await run()).code).toBe(0);
  });

  it('tells the next step when the installation fails, and leaves no lock', async () => {
    const { code, output } = await run({ FAIL: '1' });
    expect(code).toBe(1);
    expect(output).toContain('  Next: ');
    expect(existsSync(join(project, '.stage', 'setup.lock'))).toBe(false);
    expect((await run()).code).toBe(0);
  });

  it('tells the next step when the installed Node does not start', async () => {
    const { code, output } = await run({ NO_NODE: '1' });
    expect(code).toBe(1);
    expect(output).toContain('ignore-scripts');
  });
});
