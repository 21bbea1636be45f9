/** One function's execution environment: a worker thread that is replaced after a crash or a time-out. */
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import type { Invocation, WorkerMessage, WorkerSettings } from './function-protocol.ts';

/** Receives each line that a function wrote. */
export type LogSink = (functionName: string, line: string) => void;

export interface InvokeResult {
  /** JSON: what the handler returned, or `{errorType, errorMessage}` when it failed. */
  readonly payload: string;
  /** How it failed: `timeout` and `too-large` are told apart because API Gateway answers them differently. */
  readonly failure?: 'error' | 'timeout' | 'too-large';
}

export interface Sandbox {
  /** @param event JSON text. Invocations run concurrently in one thread. */
  invoke(event: string): Promise<InvokeResult>;
  load(): Promise<void>;
  stop(): Promise<void>;
}

export interface SandboxOptions {
  /** Names the function in its log and in errors. */
  readonly label: string;
  readonly settings: WorkerSettings;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMilliseconds: number;
  readonly log: LogSink;
}

/** Lambda's limit of a synchronous request's and response's payload. */
const payloadLimitBytes = 6 * 1024 * 1024;

interface Environment {
  readonly worker: Worker;
  readonly ready: Promise<void>;
  readonly open: Map<number, (result: InvokeResult) => void>;
}

const failed = (failure: NonNullable<InvokeResult['failure']>, errorType: string, errorMessage: string) =>
  ({ failure, payload: JSON.stringify({ errorType, errorMessage }) }) satisfies InvokeResult;

export function createSandbox(options: SandboxOptions): Sandbox {
  let current: Environment | undefined;
  let count = 0;
  const retired = new Set<Environment>();

  const environment = (): Environment => {
    current ??= start(options, (ended) => {
      retired.delete(ended);
      if (current === ended) current = undefined;
    });
    return current;
  };

  /** New invocations get a fresh thread; the old one goes once its other invocations are done. */
  const retire = (timedOut: Environment): void => {
    if (current === timedOut) current = undefined;
    retired.add(timedOut);
    if (timedOut.open.size === 0) void timedOut.worker.terminate();
  };

  const invoke = async (event: string): Promise<InvokeResult> => {
    if (Buffer.byteLength(event) > payloadLimitBytes) {
      return failed('too-large', 'RequestTooLargeException', 'request payload size exceeds 6291456 bytes');
    }
    const used = environment();
    try {
      await used.ready;
    } catch {
      return failed('error', 'Runtime.InitError', 'the bundle cannot be loaded');
    }
    const id = ++count;
    const requestId = randomUUID();
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        used.open.delete(id);
        options.log(
          options.label,
          `${requestId} Task timed out after ${options.timeoutMilliseconds / 1000} seconds`,
        );
        retire(used);
        resolve(failed('timeout', 'Sandbox.Timedout', 'Task timed out'));
      }, options.timeoutMilliseconds);
      used.open.set(id, (result) => {
        clearTimeout(timer);
        used.open.delete(id);
        if (retired.has(used) && used.open.size === 0) void used.worker.terminate();
        resolve(result);
      });
      const invocation: Invocation = {
        id,
        requestId,
        event,
        deadline: Date.now() + options.timeoutMilliseconds,
      };
      used.worker.postMessage(invocation);
    });
  };

  return {
    invoke,
    async load() {
      await environment().ready;
    },
    async stop() {
      const all = [...retired, ...(current === undefined ? [] : [current])];
      await Promise.all(all.map(({ worker }) => worker.terminate()));
    },
  };
}

function start(
  { label, settings, environment, log }: SandboxOptions,
  ended: (which: Environment) => void,
): Environment {
  const worker = new Worker(new URL('./function-worker.ts', import.meta.url), {
    workerData: settings,
    env: { ...environment },
    stdout: true,
    stderr: true,
    // None of this process's own: a deployed function has none either.
    execArgv: [],
  });
  for (const stream of [worker.stdout, worker.stderr]) {
    createInterface({ input: stream }).on('line', (line) => log(label, line));
  }
  const open: Environment['open'] = new Map();
  const ready = new Promise<void>((resolve, reject) => {
    worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'ready') return resolve();
      const finish = open.get(message.id);
      if (message.kind === 'error') finish?.({ failure: 'error', payload: message.payload });
      else if (Buffer.byteLength(message.payload) <= payloadLimitBytes)
        finish?.({ payload: message.payload });
      else
        finish?.(
          failed('error', 'Function.ResponseSizeTooLarge', 'response payload size exceeded 6291556 bytes'),
        );
    });
    worker.on('error', (error) => {
      log(label, `${error.stack ?? error}`);
      reject(new Error(`${label}: ${error.message}`, { cause: error }));
    });
    worker.on('exit', () => {
      reject(new Error(`${label}: the function's thread ended while it loaded`));
      ended(started);
      for (const finish of open.values())
        finish(failed('error', 'Runtime.ExitError', 'the function ended by itself'));
    });
  });
  ready.catch(() => {}); // reported by whoever waits for it
  const started: Environment = { worker, ready, open };
  return started;
}
