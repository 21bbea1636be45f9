/** `npm start`: starts the local stack, says where it is and what to try, and stops it cleanly. */
import { once } from 'node:events';
import { UnusableDirectoryError } from './aws/index.ts';
import { PortTakenError } from './gateway/server.ts';
import { MissingGrantError } from './iam/event-source-rights.ts';
import { type LocalStack, startLocalStack } from './stack.ts';
import { UnsupportedTemplateError } from './template/intrinsics.ts';
import { SynthesisError } from './template/synthesize.ts';
import { welcome } from './welcome.ts';

const defaultPort = 3000;
/** A function may take longer, but the person who pressed Ctrl-C is waiting. */
const stopMilliseconds = 5_000;

async function main(): Promise<void> {
  const port = readPort(process.env['PORT']);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  const stopRequested = once(stopping.signal, 'abort').then(() => undefined);
  const starting = startLocalStack({
    port,
    policy: process.env['POLICY'],
    synthesized: process.env['SYNTHESIZED'],
    directory: process.env['DATA_DIR'] || undefined, // a folder without a name is none
    progress: (line) => console.log(line),
    log: (functionName, line) => console.log(`${functionName} | ${line}`),
    signal: stopping.signal,
  });
  const started = await Promise.race([starting, stopRequested]);
  if (started !== undefined) {
    console.log(welcome(started.origin, started.answers));
    await stopRequested;
  }
  await stop(starting);
}

/** Also stops a stack that is still starting. Its synthesis then fails, and that failure is expected. */
async function stop(starting: Promise<LocalStack>): Promise<void> {
  console.log('stopping');
  const late = setTimeout(() => {
    console.error('still busy, stopping anyway');
    process.exit(0);
  }, stopMilliseconds);
  const stack = await starting.catch(() => undefined);
  await stack?.stop();
  clearTimeout(late);
}

function readPort(text: string | undefined): number {
  if (text === undefined || text === '') return defaultPort;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new Problem(`PORT is ${text}, which is no port`, 'PORT=3001 npm start');
}

/** A failure that the person can do something about. */
class Problem extends Error {
  readonly next: string;
  constructor(message: string, next: string) {
    super(message);
    this.next = next;
  }
}

function nextStep(error: unknown): string | undefined {
  if (error instanceof Problem) return error.next;
  if (error instanceof PortTakenError) return 'choose another one: PORT=3001 npm start';
  if (error instanceof UnusableDirectoryError)
    return 'choose another folder, or stop what uses it: DATA_DIR=folder npm start';
  if (error instanceof SynthesisError) return 'correct what is named above and start again.';
  if (error instanceof MissingGrantError) return 'grant that action on that resource to the role.';
  if (error instanceof UnsupportedTemplateError)
    return 'teach infra/local about it, or leave it out of the stack.';
  return undefined;
}

await main().catch((error: unknown) => {
  const next = nextStep(error);
  if (next === undefined) console.error(error);
  else console.error(`npm start: ${(error as Error).message}\n  Next: ${next}`);
  process.exit(1);
});
