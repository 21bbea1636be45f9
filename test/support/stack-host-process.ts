/** Entry of the process that holds many stacks: starts, lends and stops them as it is told over HTTP. */
import { createWriteStream } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { startLocalStack } from '../../infra/local/stack.ts';
import { openInside } from '../evidence/inside/door.ts';

export interface StackOrder {
  /** Folder of the assembly. */
  readonly synthesized: string;
  /** Where state survives a restart; absent: in memory. */
  readonly dataDir?: string | undefined;
  /** File for everything that the stack prints. */
  readonly output: string;
  /** Whether it gets a second door, to what lies inside. */
  readonly hasInside: boolean;
  /** Whether a function is loaded when it is first asked for; a start takes a quarter of the time then. */
  readonly loadsOnDemand: boolean;
}

export interface Started {
  readonly id: number;
  readonly origin: string;
  /** Origin of the second door. */
  readonly inside?: string;
  /** File with everything that the stack printed. */
  readonly output: string;
}

/** What is asked of the process; a stack is named by its id. */
export type Order =
  | { readonly start: StackOrder }
  | { readonly borrow: StackOrder }
  | { readonly giveBack: number }
  | { readonly stop: number };

export interface Answer {
  readonly started?: Started;
  /** Why it was not done. */
  readonly error?: string;
}

interface Running {
  readonly order: StackOrder;
  readonly started: Started;
  stop(): Promise<void>;
}

/** Stacks that run, by their ids. */
const running = new Map<number, Running>();
/** Ids of stacks that were given back. */
const idle: number[] = [];
let last = 0;

const server = createServer((request, response) => {
  response.setHeader('connection', 'close'); // else an order might meet a connection that ends just then
  carryOut(request).then(
    (started) => response.end(JSON.stringify({ ...(started && { started }) } satisfies Answer)),
    (error: Error) => response.end(JSON.stringify({ error: `${error.stack}` } satisfies Answer)),
  );
});
server.listen(0, '127.0.0.1', () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
endWithOwner(process.env['HOST_OWNER']);

/** Without an owner it ends with whoever started it. */
function endWithOwner(owner: string | undefined): void {
  if (owner === undefined) return void process.on('disconnect', () => process.exit());
  setInterval(() => {
    try {
      process.kill(Number(owner), 0);
    } catch {
      process.exit();
    }
  }, 2_000);
}

async function carryOut(request: IncomingMessage): Promise<Started | undefined> {
  const order = (await json(request)) as Order;
  if ('start' in order) return begin(order.start);
  if ('borrow' in order) return lent(order.borrow) ?? begin(order.borrow);
  if ('stop' in order) return stop(order.stop);
  find(order.giveBack);
  idle.push(order.giveBack);
  return undefined;
}

/** One of the same assembly that nobody has, and with a second door if one is asked for. */
function lent({ synthesized, hasInside }: StackOrder): Started | undefined {
  const place = idle.findIndex((id) => {
    const { order } = find(id);
    return order.synthesized === synthesized && order.hasInside === hasInside;
  });
  const [id] = place < 0 ? [] : idle.splice(place, 1);
  return id === undefined ? undefined : find(id).started;
}

async function begin(order: StackOrder): Promise<Started> {
  const { synthesized, dataDir, output, hasInside, loadsOnDemand } = order;
  last += 1;
  const id = last;
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
  const started = { id, origin: stack.origin, output, ...(inside && { inside: inside.origin }) };
  running.set(id, {
    order,
    started,
    async stop() {
      inside?.close();
      await stack.stop();
      await new Promise<void>((resolve) => file.end(resolve));
    },
  });
  return started;
}

function find(id: number): Running {
  const found = running.get(id);
  if (found === undefined) throw new Error('no such stack');
  return found;
}

async function stop(id: number): Promise<undefined> {
  const { stop: end } = find(id);
  running.delete(id);
  await end();
}
