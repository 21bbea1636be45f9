/** One function's execution environment: a worker thread that is replaced after a crash or a time-out. */
import { randomUUID } from 'node:crypto';
import type { Invocation } from './function-protocol.ts';
import { failed, type InvokeResult, payloadLimitBytes } from './invoke-result.ts';
import { startThread, type Thread, type ThreadOptions } from './sandbox-thread.ts';

export interface Sandbox {
  /** @param event JSON text. Invocations run concurrently in one thread. */
  invoke(event: string): Promise<InvokeResult>;
  load(): Promise<void>;
  stop(): Promise<void>;
}

export interface SandboxOptions extends ThreadOptions {
  readonly timeoutMilliseconds: number;
}

export function createSandbox(options: SandboxOptions): Sandbox {
  let current: Thread | undefined;
  let count = 0;
  const retired = new Set<Thread>();

  const thread = (): Thread => {
    current ??= startThread(options, (ended) => {
      retired.delete(ended);
      if (current === ended) current = undefined;
    });
    return current;
  };

  /** New invocations get a fresh thread; the old one goes once its other invocations are done. */
  const retire = (timedOut: Thread): void => {
    if (current === timedOut) current = undefined;
    retired.add(timedOut);
    if (timedOut.open.size === 0) void timedOut.worker.terminate();
  };

  const invoke = async (event: string): Promise<InvokeResult> => {
    if (Buffer.byteLength(event) > payloadLimitBytes) {
      return failed('too-large', 'RequestTooLargeException', 'request payload size exceeds 6291456 bytes');
    }
    const used = thread();
    try {
      await used.ready;
    } catch {
      return failed('error', 'Runtime.InitError', 'the bundle cannot be loaded');
    }
    return runIn(used, { id: ++count, event, timeoutMilliseconds: options.timeoutMilliseconds }, (ending) => {
      if (ending.timedOut) {
        const seconds = options.timeoutMilliseconds / 1000;
        options.log(options.label, `${ending.requestId} Task timed out after ${seconds} seconds`);
        retire(used);
      } else if (retired.has(used) && used.open.size === 0) void used.worker.terminate();
    });
  };

  return {
    invoke,
    async load() {
      await thread().ready;
    },
    async stop() {
      const all = [...retired, ...(current === undefined ? [] : [current])];
      await Promise.all(all.map(({ worker }) => worker.terminate()));
    },
  };
}

interface Request {
  readonly id: number;
  /** JSON text. */
  readonly event: string;
  readonly timeoutMilliseconds: number;
}

/** @param ended called when the invocation is no longer open, before its result is handed on. */
function runIn(
  { open, worker }: Thread,
  { id, event, timeoutMilliseconds }: Request,
  ended: (ending: { readonly requestId: string; readonly timedOut: boolean }) => void,
): Promise<InvokeResult> {
  const requestId = randomUUID();
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      open.delete(id);
      ended({ requestId, timedOut: true });
      resolve(failed('timeout', 'Sandbox.Timedout', 'Task timed out'));
    }, timeoutMilliseconds);
    open.set(id, (result) => {
      clearTimeout(timer);
      open.delete(id);
      ended({ requestId, timedOut: false });
      resolve(result);
    });
    const invocation: Invocation = { id, requestId, event, deadline: Date.now() + timeoutMilliseconds };
    worker.postMessage(invocation);
  });
}
