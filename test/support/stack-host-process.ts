/** Entry of the process that holds many stacks: starts and stops them as it is told by messages. */
import { createWriteStream } from 'node:fs';
import { startLocalStack } from '../../infra/local/stack.ts';
import { openInside } from '../evidence/inside/door.ts';

export interface StackOrder {
  /** Folder of the assembly. */
  readonly synthesized: string;
  /** Where state survives a restart; absent: in memory. */
  readonly dataDir: string | undefined;
  /** File for everything that the stack prints. */
  readonly output: string;
  /** Whether it gets a second door, to what lies inside. */
  readonly hasInside: boolean;
  /** Whether a function is loaded when it is first asked for; a start takes a quarter of the time then. */
  readonly loadsOnDemand: boolean;
}

export interface Started {
  readonly origin: string;
  /** Origin of the second door. */
  readonly inside?: string;
}

/** Starts a stack under an id, or without `start` stops the one that has it. */
export interface Order {
  readonly id: number;
  readonly start?: StackOrder;
}

export interface Answer {
  readonly id: number;
  readonly started?: Started;
  /** Why it was not done. */
  readonly error?: string;
}

/** How to stop each stack that runs. */
const stops = new Map<number, () => Promise<void>>();

process.on('disconnect', () => process.exit()); // the worker has ended
process.on('message', ({ id, start }: Order) => {
  const done = start === undefined ? stop(id) : begin(id, start);
  done.then(
    (started) => process.send?.({ id, ...(started && { started }) } satisfies Answer),
    (error: Error) => process.send?.({ id, error: `${error.stack}` } satisfies Answer),
  );
});

async function begin(id: number, order: StackOrder): Promise<Started> {
  const { synthesized, dataDir, output, hasInside, loadsOnDemand } = order;
  const file = createWriteStream(output, { flags: 'a' });
  const stack = await startLocalStack({
    port: 0,
    synthesized,
    directory: dataDir,
    loadsOnDemand,
    progress: (line) => void file.write(`${line}\n`),
    log: (functionName, line) => void file.write(`${functionName} | ${line}\n`),
  });
  const inside = hasInside ? await openInside(stack.parts) : undefined;
  stops.set(id, async () => {
    inside?.close();
    await stack.stop();
    await new Promise<void>((resolve) => file.end(resolve));
  });
  return { origin: stack.origin, ...(inside && { inside: inside.origin }) };
}

async function stop(id: number): Promise<undefined> {
  const end = stops.get(id);
  if (end === undefined) throw new Error('no such stack');
  stops.delete(id);
  await end();
}
