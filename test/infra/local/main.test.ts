/** `npm start` as somebody at a terminal sees it: its welcome, its end, and what goes wrong at the start. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { UnusableDirectoryError } from '../../../infra/local/aws/index.ts';
import { prepareDataDirectory } from '../../../infra/local/data-directory.ts';
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

/** Starts on `directory`, does what `during` does, and presses Ctrl-C. @returns what it did, and how that ended. */
async function whileRunning<T>(directory: string, during: (origin: string) => Promise<T>) {
  const { child, ready, ended } = start({ DATA_DIR: directory });
  const done = await during(await ready);
  child.kill('SIGINT');
  return { done, ...(await ended) };
}

describe('npm start', () => {
  const stateOf = async (origin: string) => {
    const stack = connect(origin);
    const { body: clock } = await stack.request('GET', '/local/clock');
    const { body: keys } = await stack.request('GET', '/oauth2/jwks');
    await stack.advance(3_600);
    return { aheadSeconds: clock.aheadSeconds, key: keys.keys[0].kid };
  };

  it('says where it is, ends with 0 on Ctrl-C, and has its port and its DATA_DIR to itself meanwhile', async () => {
    const shared = join(dataDir, 'deep', 'shared');
    const { done, code, output } = await whileRunning(shared, async (origin) => {
      expect(origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      const used = join(shared, 'aws', 'dynamodb');
      await expect(prepareDataDirectory(shared)).rejects.toThrow(`${used} is in use by another process`);
      const { port } = new URL(origin);
      return {
        port,
        second: await start({ PORT: port, DATA_DIR: shared }).ended,
        state: await stateOf(origin),
      };
    });
    const { port, second, state } = done;
    expect(code).toBe(0);
    expect(output).toContain('Outbox');
    expect(output).not.toMatch(/warning/i);
    expect(second).toEqual({
      code: 1,
      output: `npm start: port ${port} is taken\n  Next: choose another one: PORT=3001 npm start\n`,
    });

    // Clock, keys and token key come back from DATA_DIR.
    const again = await whileRunning(shared, stateOf);
    expect(again.done).toEqual({ ...state, aheadSeconds: 3_600 });
    expect(existsSync(join(shared, 'aws', 'dynamodb'))).toBe(true);
  });

  it('ends with 0 on SIGTERM while it starts', async () => {
    const { child, ended } = start();
    await once(child.stdout as NodeJS.ReadableStream, 'data');
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
  });

  it('refuses a PORT that is none', async () => {
    const { code, output } = await start({ PORT: 'http' }).ended;
    expect({ code, output }).toEqual({
      code: 1,
      output: 'npm start: PORT is http, which is no port\n  Next: PORT=3001 npm start\n',
    });
  });

  it('names a DATA_DIR that is a file and what to do, before anything takes time', async () => {
    const file = join(dataDir, 'a-file');
    writeFileSync(file, '');
    const { code, output } = await start({ DATA_DIR: file, SYNTHESIZED: '/nowhere' }).ended;
    expect({ code, output }).toEqual({
      code: 1,
      output:
        `npm start: ${file} is a file, not a folder\n` +
        '  Next: choose another folder, or stop what uses it: DATA_DIR=folder npm start\n',
    });
  });
});

it.each([
  ['cannot be made', '/proc/none/below', /^\/proc\S* cannot be made \(\w+\)$/],
  ['cannot be written to', '/proc', /^\/proc cannot be \S+(?: to)? \(\w+\)$/],
  ['is below a file', join(dataDir, 'file', 'below'), /^\S+below cannot be made \(\w+\)$/],
])('a DATA_DIR that %s is told as such', async (_, given, told) => {
  writeFileSync(join(dataDir, 'file'), '');
  const refused = prepareDataDirectory(given);
  await expect(refused).rejects.toThrow(UnusableDirectoryError);
  await expect(refused).rejects.toThrow(told);
});
