/** Runs inside a worker thread: moves its Date, loads one function's bundle and answers invocations, as Lambda's runtime does. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { moveDate } from '../clock/moved-date.ts';
import type { Invocation, WorkerMessage, WorkerSettings } from './function-protocol.ts';

type Handler = (event: unknown, context: object) => unknown;

const settings = workerData as WorkerSettings;
const port = parentPort;
if (port === null) throw new Error('function-worker.ts runs in a worker thread only');

moveDate(settings.clockOffset);
const handler = await loadHandler();
port.on('message', (invocation: Invocation) => void run(invocation));
post({ kind: 'ready' });

function post(message: WorkerMessage): void {
  port?.postMessage(message);
}

async function loadHandler(): Promise<Handler> {
  const dot = settings.handler.lastIndexOf('.');
  const [file, name] = [settings.handler.slice(0, dot), settings.handler.slice(dot + 1)];
  const path = ['.js', '.mjs', '.cjs'].map((end) => join(settings.directory, file + end)).find(existsSync);
  if (path === undefined) throw new Error(`Runtime.ImportModuleError: cannot find module '${file}'`);
  const loaded = path.endsWith('.mjs') ? await import(pathToFileURL(path).href) : createRequire(path)(path);
  const found = loaded[name] ?? loaded.default?.[name];
  if (typeof found === 'function') return found;
  throw new Error(`Runtime.HandlerNotFound: ${settings.handler} is undefined or not exported`);
}

async function run({ id, requestId, event, deadline }: Invocation): Promise<void> {
  try {
    const result = await handler(JSON.parse(event), {
      functionName: settings.functionName,
      functionVersion: '$LATEST',
      invokedFunctionArn: settings.functionArn,
      memoryLimitInMB: String(settings.memoryMegabytes),
      awsRequestId: requestId,
      logGroupName: `/aws/lambda/${settings.functionName}`,
      logStreamName: 'local',
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => Math.max(0, deadline - performance.timeOrigin - performance.now()),
    });
    post({ kind: 'result', id, payload: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    const fault = describe(error);
    // Lambda's runtime writes an uncaught error to the function's log; so does this one, for the same searches to find it.
    console.error(JSON.stringify({ level: 'ERROR', requestId, ...fault }));
    post({ kind: 'error', id, payload: JSON.stringify(fault) });
  }
}

function describe(error: unknown): { errorType: string; errorMessage: string; trace: string[] } {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') ?? [] };
}
