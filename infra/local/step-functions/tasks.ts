/** The tasks of one execution: called once each, waited for under their tokens, timed out by the movable clock. */
import type { InvokeResult } from '../lambda/invoke-result.ts';
import type { Deadlines } from './deadlines.ts';
import { type Note, noteTaskEnd } from './history.ts';
import type { Task } from './machine.ts';
import type { Attempt, Outcome } from './records.ts';

export interface TasksOptions {
  /** By name of the state. */
  readonly tasks: ReadonlyMap<string, Task>;
  readonly now: () => number;
  readonly deadlines: Deadlines;
  /** By the function's logical id. */
  readonly invoke: (functionId: string, event: unknown) => Promise<InvokeResult>;
  readonly note: Note;
  /** Resolves when what is recorded is on disk. */
  readonly save: () => Promise<void>;
  /** Called while a task waits: ends the execution when its own time is over. */
  readonly onWaiting: () => void;
}

export interface Tasks {
  /** Resolves when the attempt has its outcome, or when the tasks were left. */
  perform(attempt: Attempt, payload: unknown): Promise<void>;
  /** Ends a task. @returns false when it had ended, or its time is over. */
  settle(attempt: Attempt, outcome: Outcome): boolean;
  /** True while the execution stands still until somebody reports. */
  isWaiting(): boolean;
  /** Nothing is called, noted or timed out any more. */
  leave(): void;
}

const timedOut: Outcome = { kind: 'failed', error: 'States.Timeout', cause: '' };
/** Stands for the error's own text, which may hold secrets and stays in the function's log. */
const failureCause = 'The log of the function tells why.';

export function createTasks(options: TasksOptions): Tasks {
  const { now, deadlines, invoke, note, save, onWaiting } = options;
  let isLeft = false;
  let open: { readonly attempt: Attempt; readonly end: () => void } | undefined;

  const taskOf = ({ state }: Attempt): Task => {
    const task = options.tasks.get(state);
    if (task === undefined) throw new Error(`${state} is no task`);
    return task;
  };

  const settle = (attempt: Attempt, outcome: Outcome): boolean => {
    if (isLeft || attempt.outcome !== undefined) return false;
    const isLate = deadlineOf(attempt, taskOf(attempt)) <= now();
    attempt.outcome = isLate ? timedOut : outcome;
    noteTaskEnd(note, attempt.state, attempt.outcome);
    if (open?.attempt === attempt) open.end();
    return !isLate;
  };

  const call = async (attempt: Attempt, payload: unknown): Promise<void> => {
    const { functionId, waits } = taskOf(attempt);
    const outcome = outcomeOf(await invoke(functionId, payload), waits);
    if (outcome !== undefined) settle(attempt, outcome);
    else if (!isLeft && attempt.outcome === undefined) {
      attempt.called = true;
      note('TaskSubmitted', { state: attempt.state });
      onWaiting();
    }
    await save();
  };

  return {
    settle,
    isWaiting: () => open?.attempt.called === true,
    async perform(attempt, payload) {
      await save(); // before a function keeps its token
      if (isLeft || attempt.outcome !== undefined) return;
      const ended = Promise.withResolvers<void>();
      const deadline = deadlineOf(attempt, taskOf(attempt));
      const callOff = Number.isFinite(deadline)
        ? deadlines.set(deadline, () => void settle(attempt, timedOut))
        : () => {};
      const end = () => {
        open = undefined;
        callOff();
        ended.resolve();
      };
      open = { attempt, end };
      if (deadline <= now()) settle(attempt, timedOut);
      else if (attempt.called === undefined) call(attempt, payload).catch(ended.reject);
      else onWaiting();
      await ended.promise;
    },
    leave() {
      isLeft = true;
      open?.end();
    },
  };
}

/** A function that is called and returns is bounded by its own time-out, in real time. */
function deadlineOf(attempt: Attempt, { waits, timeoutMilliseconds }: Task): number {
  if (!waits || timeoutMilliseconds === undefined) return Number.POSITIVE_INFINITY;
  return attempt.startedAt + timeoutMilliseconds;
}

/** @returns undefined when the function did its part and somebody has yet to report. */
function outcomeOf({ failure, payload }: InvokeResult, waits: boolean): Outcome | undefined {
  const value = JSON.parse(payload) as { readonly errorType?: string } | null;
  if (failure !== undefined)
    return { kind: 'failed', error: value?.errorType ?? 'Lambda.Unknown', cause: failureCause };
  if (waits) return undefined;
  return { kind: 'succeeded', output: { ExecutedVersion: '$LATEST', Payload: value, StatusCode: 200 } };
}
