/** `npm start` as somebody at a terminal sees it: its welcome, its end, and what goes wrong at the start. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { connect } from '../../stack.ts';
import { writeAssembly } from './fixtures/assembly.ts';

const entry = fileURLToPath(new URL('../../../infra/local/main.ts', import.meta.url));
const directory = writeAssembly();
const dataDir = mkdtempSync(join(tmpdir(), 'data-'));
const running = new Set<ChildProcess>();

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});
afterAll(() => {
  for (const each of [directory, dataDir]) rmSync(each, { recursive: true, force: true });
});

function start(environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [entry], {
    env: { ...process.env, PORT: '0', SYNTHESIZED: directory, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let output = '';
  let printed = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      output += text;
      printed();
    });
  }
  const ended = once(child, 'close').then(([code]) => {
    running.delete(child);
    return { code: code as number | null, output };
  });
  const ready = new Promise<string>((resolve, reject) => {
    ended.then(() => reject(new Error(output)));
    printed = () => {
      const origin = /^ready (\S+)$/m.exec(output)?.[1];
      if (origin !== undefined) resolve(origin);
    };
  });
  ready.catch(() => {}); // some never wait for it
  return { child, ended, ready };
}

describe('npm start', () => {
  it('says where it is, and ends with 0 on Ctrl-C', async () => {
    const { child, ready, ended } = start();
    expect(await ready).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    child.kill('SIGINT');
    const { code, output } = await ended;
    expect(code).toBe(0);
    expect(output).toContain('Outbox');
    expect(output).not.toMatch(/warning/i);
  });

  it('ends with 0 on SIGTERM while it starts', async () => {
    const { child, ended } = start();
    await once(child.stdout as NodeJS.ReadableStream, 'data');
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
  });

  it('names the port that is taken and what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, output } = await start({ PORT: String(port) }).ended;
    other.close();
    expect(code).toBe(1);
    expect(output).toBe(
      `npm start: port ${port} is taken\n  Next: choose another one: PORT=3001 npm start\n`,
    );
  });

  it('refuses a PORT that is none', async () => {
    const { code, output } = await start({ PORT: 'http' }).ended;
    expect({ code, output }).toEqual({
      code: 1,
      output: 'npm start: PORT is http, which is no port\n  Next: PORT=3001 npm start\n',
    });
  });

  const nextFolder = '  Next: choose another folder, or stop what uses it: DATA_DIR=folder npm start\n';
  const file = join(dataDir, 'file');

  it.each([
    ['cannot be made', '/proc/none/below', /^npm start: \/proc\S* cannot be made \(\w+\)\n/],
    ['cannot be written to', '/proc', /^npm start: \/proc cannot be \S+(?: to)? \(\w+\)\n/],
    ['is below a file', join(file, 'below'), /^npm start: \S+below cannot be made \(\w+\)\n/],
    ['is a file', file, /^npm start: \S+file is a file, not a folder\n/],
  ])('names a DATA_DIR that %s and what to do, before anything takes time', async (_, given, named) => {
    writeFileSync(file, '');
    const { code, output } = await start({ DATA_DIR: given }).ended;
    expect(code).toBe(1);
    expect(output.replace(named, '')).toBe(nextFolder);
  });

  it('names a DATA_DIR that another stack works with, before anything takes time', async () => {
    const shared = join(dataDir, 'deep', 'shared');
    const { child, ready, ended } = start({ DATA_DIR: shared });
    await ready;
    const { code, output } = await start({ DATA_DIR: shared }).ended;
    child.kill('SIGINT');
    await ended;
    expect(code).toBe(1);
    const used = join(shared, 'aws', 'dynamodb');
    expect(output).toBe(`npm start: ${used} is in use by another process\n${nextFolder}`);
  });

  it('brings clock, keys and token key back from DATA_DIR', async () => {
    const stateOf = async () => {
      const { child, ready, ended } = start({ DATA_DIR: dataDir });
      const stack = connect(await ready);
      const { body: clock } = await stack.request('GET', '/local/clock');
      const { body: keys } = await stack.request('GET', '/oauth2/jwks');
      await stack.advance(3_600);
      child.kill('SIGINT');
      await ended;
      return { aheadSeconds: clock.aheadSeconds, key: keys.keys[0].kid };
    };
    const first = await stateOf();
    expect(await stateOf()).toEqual({ ...first, aheadSeconds: 3_600 });
    expect(existsSync(join(dataDir, 'aws', 'dynamodb'))).toBe(true);
  });
});
