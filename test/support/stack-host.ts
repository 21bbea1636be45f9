/** The process in which a worker's stacks run side by side: what they share is loaded and compiled once. */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runDirectory } from '../synthesized.ts';
import type { Answer, Order, StackOrder, Started } from './stack-host-process.ts';

export interface Host {
  /** @throws what the stack throws at its start. */
  start(order: StackOrder): Promise<Started & { stop(): Promise<void> }>;
  /** Ends the process by itself, or at once as a power cut would. @returns its exit code, if it ended by itself. */
  end(how: 'by itself' | 'at once'): Promise<number | null>;
}

const unknown: Started = { origin: '' };
let running: Host | undefined;

/** The host of this worker, started when the first stack is. */
export function host(): Host {
  running ??= startHost(() => {
    running = undefined;
  });
  return running;
}

/** For who ends it: nobody shares its process. */
export function startHost(onEnd: () => void = () => {}): Host {
  const child = fork(fileURLToPath(new URL('./stack-host-process.ts', import.meta.url)), {
    execArgv: [],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  child.unref();
  child.on('exit', onEnd);
  // The end of the run kills what is left, by this.
  const pid = join(mkdtempSync(join(runDirectory(), 'stack-')), 'pid');
  writeFileSync(pid, String(child.pid));
  child.on('exit', () => rmSync(pid, { force: true }));
  const ask = createAsk(child);
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  let last = 0;
  return {
    end(how) {
      if (how === 'at once') child.kill('SIGKILL');
      else child.disconnect();
      return ended;
    },
    async start(stack) {
      const id = ++last;
      const { started = unknown } = await ask({ id, start: stack });
      return { ...started, stop: async () => void (await ask({ id })) };
    },
  };
}

/** One answer for each order, by its id; a host that ends fails all that wait. */
function createAsk(child: ChildProcess): (order: Order) => Promise<Answer> {
  const waiting = new Map<number, (answer: Answer) => void>();
  child.on('message', (answer: Answer) => waiting.get(answer.id)?.(answer));
  child.on('exit', (code) => {
    for (const [id, tell] of waiting) tell({ id, error: `the process of the stacks ended with ${code}` });
  });
  return (order) =>
    new Promise((resolve, reject) => {
      child.channel?.ref(); // whoever waits keeps this process alive, and nobody else
      waiting.set(order.id, (answer) => {
        waiting.delete(order.id);
        if (waiting.size === 0) child.channel?.unref();
        if (answer.error === undefined) resolve(answer);
        else reject(new Error(answer.error));
      });
      child.send(order);
    });
}
