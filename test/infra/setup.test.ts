/** The set-up before every script: when it installs, and what it says. */
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
  const packages = { 'node_modules/a': { version: '1.0.0' } };
  // The real one leaves out what is optional and has another hash, without a word.
  if (!process.env.OTHER_HASH) {
    packages['node_modules/node-here'] = { version: '24.21.0' };
    mkdirSync('node_modules/node-here/bin', { recursive: true });
    const program = 'node_modules/node-here/bin/node';
    if (process.env.BROKEN) writeFileSync(program, 'no program', { mode: 0o755 });
    else if (!existsSync(program)) symlinkSync(process.execPath, program);
    if (!existsSync('node_modules/.bin/node')) symlinkSync('../node-here/bin/node', 'node_modules/.bin/node');
  }
  writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages }));
}, 300);
`;

function run(environment: Record<string, string> = {}): Promise<{ code: number | null; output: string }> {
  const { OWN_NODE = process.version } = environment;
  const pretend = `data:text/javascript,Object.defineProperty(process,'version',{value:'${OWN_NODE}'})`;
  const own = ['--import', pretend];
  const child: ChildProcess = spawn(process.execPath, [...own, join(project, 'infra', 'setup.mjs')], {
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

/** Node for this system, as the lockfile has it; what is for another is optional too, and not installed. */
const nodeFor = (os: string) => ({
  version: '24.21.0',
  optional: true,
  os,
  cpu: process.arch,
  bin: { node: 'bin/node' },
});
const lockfile = (version: string, os: string = process.platform) =>
  JSON.stringify({
    packages: {
      '': {},
      'node_modules/a': { version },
      'node_modules/b': { version, optional: true },
      'node_modules/node-elsewhere': nodeFor('aix'),
      'node_modules/node-here': nodeFor(os),
    },
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

  it('installs again when the lockfile names another hash of the same version', async () => {
    await run();
    const text = lockfile('1.0.0').replace(
      '"version":"1.0.0"',
      '"version":"1.0.0","integrity":"sha512-other"',
    );
    writeFileSync(join(project, 'package-lock.json'), text);
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

  it('fails when npm left its Node out, whatever the machine has, and each time again', async () => {
    for (const OWN_NODE of ['v20.20.2', 'v24.21.0']) {
      const { code, output } = await run({ OTHER_HASH: '1', OWN_NODE });
      expect(code).toBe(1);
      expect(output).toContain('npm has not installed node-here@24.21.0');
      expect(output).toContain('  Next: git diff package-lock.json ');
    }
    expect(installs()).toBe(2);
    expect((await run()).code).toBe(0);
  });

  it("takes the machine's own Node where the other does not start, when it is new enough", async () => {
    const old = await run({ BROKEN: '1', OWN_NODE: 'v24.6.0' });
    expect(old.code).toBe(1);
    expect(old.output).toContain(
      "node-here@24.21.0 does not start on this system, and the machine's own is v24.6.0",
    );
    expect(old.output).toContain('  Next: install Node 24.7 or later');

    const { code, output } = await run({ BROKEN: '1', OWN_NODE: 'v26.1.0' });
    expect(code).toBe(0);
    expect(output).toContain('Node v26.1.0');
    expect(existsSync(join(project, 'node_modules', '.bin', 'node'))).toBe(false);
  });

  it("takes the machine's own Node where the lockfile names none, and looks again when that is another", async () => {
    writeFileSync(join(project, 'package-lock.json'), lockfile('1.0.0', 'aix'));
    const environment = { OTHER_HASH: '1' };
    expect((await run({ ...environment, OWN_NODE: 'v24.7.0' })).output).toContain('Node v24.7.0');
    expect(await run({ ...environment, OWN_NODE: 'v24.7.0' })).toEqual({ code: 0, output: '' });
    const { code, output } = await run({ ...environment, OWN_NODE: 'v20.20.2' });
    expect(code).toBe(1);
    expect(output).toContain(`package-lock.json names no Node for ${process.platform} ${process.arch}`);
  });
});
