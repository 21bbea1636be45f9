/** Records of executions: enough to go on with one after a restart, and to tell its history. */
import type { JsonFile } from '../aws/json-file.ts';

export type Status = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** How a task ended. */
export type Outcome =
  | { readonly kind: 'succeeded'; readonly output: unknown }
  | { readonly kind: 'failed'; readonly error: string; readonly cause: string };

/** One try of a task state. Times are milliseconds since the epoch, moved time. */
export interface Attempt {
  readonly state: string;
  startedAt: number;
  /** Somebody reports the outcome under it; absent where the function itself answers. */
  readonly token?: string;
  /** True when the function has returned: it is not called again after a restart. */
  called?: true;
  outcome?: Outcome;
}

/** No input, no output, no cause. */
export interface HistoryEvent {
  at: number;
  readonly type: string;
  readonly state?: string;
  /** Name of an error. */
  readonly error?: string;
}

export interface Execution {
  readonly arn: string;
  readonly name: string;
  readonly machineArn: string;
  /** JSON text, as it was given. */
  readonly input: string;
  startedAt: number;
  readonly attempts: Attempt[];
  readonly events: HistoryEvent[];
  status: Status;
  stoppedAt?: number;
  /** JSON text. */
  output?: string;
  error?: string;
}

export interface Records {
  get(arn: string): Execution | undefined;
  /** In order of their start. */
  all(): readonly Execution[];
  add(execution: Execution): void;
  /** Resolves when everything is on disk. */
  save(): Promise<void>;
}

/** Moves all times of an execution. After the clock was set back, it then has as much time left as before. */
export function shift(execution: Execution, milliseconds: number): void {
  execution.startedAt += milliseconds;
  for (const attempt of execution.attempts) attempt.startedAt += milliseconds;
  for (const event of execution.events) event.at += milliseconds;
}

/** As long as Step Functions keeps them. */
const keptMilliseconds = 90 * 86_400_000;
/** The most executions that are kept: the file is written whole, so ended ones go earlier when there are more. */
const mostKept = 1_000;

/** @param now moved time in milliseconds since the epoch. @throws when the file is damaged. */
export function createRecords(file: JsonFile, now: () => number): Records {
  const saved = (file.read() ?? []) as readonly Execution[];
  const executions = new Map(saved.map((execution) => [execution.arn, execution]));
  const forget = () => {
    for (const { arn, status, stoppedAt = 0 } of executions.values()) {
      if (status === 'RUNNING') continue;
      if (executions.size <= mostKept && stoppedAt + keptMilliseconds > now()) continue;
      executions.delete(arn);
    }
  };
  return {
    get: (arn) => executions.get(arn),
    all: () => [...executions.values()],
    add(execution) {
      forget();
      executions.set(execution.arn, execution);
    },
    save() {
      file.changed(() => [...executions.values()]);
      return file.flush();
    },
  };
}
