/**
 * The process in which the stacks of a test run stand side by side: what they share is loaded and compiled once, for all
 * workers. What is alone in its process has a host of its own.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { once, runDirectory } from '../synthesized.ts';
import type { Answer, Order, StackOrder, Started } from './stack-host-process.ts';

export interface Host {
  /** @throws what the stack throws at its start. */
  start(order: StackOrder): Promise<Hosted>;
  /** A stack of the same assembly that somebody gave back, or a new one. */
  borrow(order: StackOrder): Promise<Hosted>;
}

export interface Hosted extends Started {
  stop(): Promise<void>;
  /** Lets the next one borrow it. */
  giveBack(): Promise<void>;
}

export interface OwnHost extends Host {
  /** Ends the process by itself, or at once as a power cut would. @returns its exit code, if it ended by itself. */
  end(how: 'by itself' | 'at once'): Promise<number | null>;
}

let own: Promise<OwnHost> | undefined;

/** Where stacks stand. Outside of a test run that is this process's own host. */
export async function host(): Promise<Host> {
  const owner = process.env['TEST_RUN_PROCESS'];
  if (owner === undefined) {
    own ??= startHost();
    return own;
  }
  return hostIn(await once('host', (made) => startShared(made, owner)));
}

/** For who ends it: nobody shares its process. */
export async function startHost(): Promise<OwnHost> {
  const folder = mkdtempSync(join(runDirectory(), 'stack-'));
  const child = begin(folder, {});
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  child.on('exit', () => rmSync(join(folder, 'pid'), { force: true }));
  await listening(child, folder);
  child.unref();
  child.channel?.unref();
  return {
    ...hostIn(folder),
    end(how) {
      if (how === 'at once') child.kill('SIGKILL');
      else child.disconnect();
      return ended;
    },
  };
}

/** It outlives the worker that starts it, and ends with the run. */
async function startShared(folder: string, owner: string): Promise<void> {
  const child = begin(folder, { HOST_OWNER: owner });
  await listening(child, folder);
  child.disconnect();
  child.unref();
}

function begin(folder: string, environment: NodeJS.ProcessEnv): ChildProcess {
  const output = openSync(join(folder, 'host.log'), 'a');
  const child = fork(fileURLToPath(new URL('./stack-host-process.ts', import.meta.url)), {
    execArgv: [],
    env: { ...process.env, NODE_OPTIONS: '', ...environment },
    stdio: ['ignore', output, output, 'ipc'],
    detached: true,
  });
  closeSync(output);
  writeFileSync(join(folder, 'pid'), String(child.pid)); // the end of the run kills what is left, by this
  return child;
}

/** Notes in the folder where the process listens. @throws with what it printed, when it ends before. */
const listening = (child: ChildProcess, folder: string): Promise<void> =>
  new Promise((resolve, reject) => {
    child.once('message', (origin) => {
      writeFileSync(join(folder, 'origin'), String(origin));
      resolve();
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${printedIn(folder)}`)));
  });

const printedIn = (folder: string): string => readFileSync(join(folder, 'host.log'), 'utf8');

function hostIn(folder: string): Host {
  const origin = readFileSync(join(folder, 'origin'), 'utf8');
  const ask = async (order: Order): Promise<Answer> => {
    const response = await fetch(origin, { method: 'POST', body: JSON.stringify(order) }).catch((cause) => {
      throw new Error(`the host of stacks does not answer; it printed: ${printedIn(folder)}`, { cause });
    });
    const answer = (await response.json()) as Answer;
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  };
  const hosted = async (order: Order): Promise<Hosted> => {
    const { started } = await ask(order);
    if (started === undefined) throw new Error('the host started nothing');
    const { id } = started;
    return {
      ...started,
      stop: async () => void (await ask({ stop: id })),
      giveBack: async () => void (await ask({ giveBack: id })),
    };
  };
  return { start: (stack) => hosted({ start: stack }), borrow: (stack) => hosted({ borrow: stack }) };
}
