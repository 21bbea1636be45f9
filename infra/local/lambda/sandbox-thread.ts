/** The worker thread behind a sandbox: starts it, passes on what it prints, and tells how invocations ended. */
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import type { WorkerMessage, WorkerSettings } from './function-protocol.ts';
import { failed, type InvokeResult, payloadLimitBytes } from './invoke-result.ts';
import { workerCode } from './worker-code.ts';

/** Receives each line that a function wrote. */
export type LogSink = (functionName: string, line: string) => void;

export interface ThreadOptions {
  /** Names the function in its log and in errors. */
  readonly label: string;
  readonly settings: WorkerSettings;
  /** The whole environment: nothing of this process's own is added. */
  readonly environment: Readonly<Record<string, string>>;
  readonly log: LogSink;
}

export interface Thread {
  readonly worker: Worker;
  /** Rejects when the bundle cannot be loaded. */
  readonly ready: Promise<void>;
  /** How to finish each invocation that runs, by its id. */
  readonly open: Map<number, (result: InvokeResult) => void>;
}

/** @param ended called once the thread is gone, before its open invocations are finished with an error. */
export function startThread(
  { label, settings, environment, log }: ThreadOptions,
  ended: (which: Thread) => void,
): Thread {
  const worker = new Worker(workerCode(), {
    workerData: settings,
    env: { ...environment },
    stdout: true,
    stderr: true,
    execArgv: [],
  });
  for (const stream of [worker.stdout, worker.stderr]) {
    createInterface({ input: stream }).on('line', (line) => log(label, line));
  }
  const open: Thread['open'] = new Map();
  const ready = new Promise<void>((resolve, reject) => {
    worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'ready') resolve();
      else open.get(message.id)?.(resultOf(message));
    });
    worker.on('error', (error) => {
      log(label, `${error.stack ?? error}`);
      reject(new Error(`${label}: ${error.message}`, { cause: error }));
    });
    worker.on('exit', () => {
      reject(new Error(`${label}: the function's thread ended while it loaded`));
      ended(thread);
      for (const finish of open.values()) {
        finish(failed('error', 'Runtime.ExitError', 'the function ended by itself'));
      }
    });
  });
  ready.catch(() => {}); // reported by whoever waits for it
  const thread: Thread = { worker, ready, open };
  return thread;
}

function resultOf({ kind, payload }: Exclude<WorkerMessage, { kind: 'ready' }>): InvokeResult {
  if (kind === 'error') return { failure: 'error', payload };
  if (Buffer.byteLength(payload) <= payloadLimitBytes) return { payload };
  return failed('error', 'Function.ResponseSizeTooLarge', 'response payload size exceeded 6291456 bytes');
}
