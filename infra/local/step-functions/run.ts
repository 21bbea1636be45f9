/**
 * One execution being run by the interpreter. What is recorded of it is replayed first: tasks that ended are not
 * called again, and one that waited goes on waiting under the token that it had.
 */
import { randomBytes } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { type Note, noteEnd, noteStates } from './history.ts';
import type { Machine } from './machine.ts';
import type { Attempt, Execution, Outcome, Status } from './records.ts';
import { createTasks, type TasksOptions } from './tasks.ts';

export interface Run {
  /** Ends a task. @returns false when it had ended, its time is over, or the execution has ended. */
  settle(attempt: Attempt, outcome: Outcome): boolean;
  /** Ends the execution from outside. */
  end(status: Exclude<Status, 'RUNNING'>, error?: string): void;
  /** Leaves off and keeps what is recorded, for the next start. */
  leave(): void;
}

export interface RunOptions extends Pick<TasksOptions, 'now' | 'deadlines' | 'invoke' | 'save'> {
  readonly machine: Machine;
  readonly execution: Execution;
  /** Told of a new task before its function is. */
  readonly onAttempt: (attempt: Attempt) => void;
  readonly onEnd: () => void;
}

/** Goes through the interpreter past every Retry and Catch. */
class Halt extends Error {
  readonly isRetryable = false;
  readonly isCatchable = false;
}

export function startRun({ machine, execution, onAttempt, onEnd, ...options }: RunOptions): Run {
  const { now, deadlines, save } = options;
  const { attempts, events } = execution;
  let reached = 0;
  let isOver = false;
  let isLate = false;

  const note: Note = (type, more) => {
    if (!isOver) events.push({ at: now(), type, ...more });
  };
  /** A jump of the clock passes over no step that would have run in between: time is up once it waits again. */
  const checkTime = () => {
    if (isLate && tasks.isWaiting()) end('TIMED_OUT');
  };
  const tasks = createTasks({ ...options, tasks: machine.tasks, note, onWaiting: checkTime });

  const tokenAt = (position: number) => attempts[position]?.token ?? randomBytes(32).toString('base64url');
  const task = { Token: tokenAt(0) };
  const begin = (state: string, token: string): Attempt => {
    const waits = machine.tasks.get(state)?.waits === true;
    const attempt = { state, startedAt: now(), ...(waits ? { token } : {}) };
    attempts.push(attempt);
    note('TaskScheduled', { state });
    onAttempt(attempt);
    return attempt;
  };
  const handle = async (state: string, parameters: unknown): Promise<unknown> => {
    await turn(); // the state's own entry is noted first
    if (isOver) throw new Halt();
    const attempt = attempts[reached] ?? begin(state, task.Token);
    reached += 1;
    task.Token = tokenAt(reached);
    if (attempt.state !== state) throw named(new Halt('the definition has changed'), 'States.Runtime');
    if (attempt.outcome === undefined) {
      await tasks.perform(attempt, (parameters as { readonly Payload?: unknown }).Payload ?? {});
    }
    return resultOf(attempt.outcome);
  };

  const names = [...machine.tasks.keys()];
  const interpreted = machine.interpreter.run(JSON.parse(execution.input), {
    context: {
      Execution: { Id: execution.arn, Name: execution.name },
      StateMachine: { Id: machine.arn, Name: machine.name },
      Task: task,
    },
    overrides: {
      taskResourceLocalHandlers: Object.fromEntries(
        names.map((state) => [state, (parameters: unknown) => handle(state, parameters) as Promise<never>]),
      ),
      // Read before each wait between two tries: one that has been waited for before a restart is not repeated.
      retryIntervalOverrides: Object.defineProperties(
        {},
        Object.fromEntries(
          names.map((state) => [state, { get: () => (reached < attempts.length ? 0 : undefined) }]),
        ),
      ),
    },
  });

  const callOff =
    machine.timeoutMilliseconds === undefined
      ? () => {}
      : deadlines.set(execution.startedAt + machine.timeoutMilliseconds, () => {
          isLate = true;
          checkTime();
        });
  const leave = () => {
    isOver = true;
    callOff();
    interpreted.abort();
    tasks.leave();
  };
  const end: Run['end'] = (status, error) => {
    if (isOver) return;
    noteEnd(note, status, error);
    leave();
    execution.status = status;
    execution.stoppedAt = now();
    if (error !== undefined) execution.error = error;
    onEnd();
    save().catch(() => {}); // tried again with the next change
  };
  const follow = async (): Promise<void> => {
    const noted = noteStates(interpreted.eventLogs, [...events], note);
    try {
      const output = JSON.stringify(await interpreted.result);
      await noted;
      if (isOver) return;
      execution.output = output;
      end('SUCCEEDED');
    } catch (error) {
      await noted;
      end('FAILED', ((error as Error).cause as Error | undefined)?.name ?? 'States.Runtime');
    }
  };
  void follow();

  return { settle: (attempt, outcome) => !isOver && tasks.settle(attempt, outcome), end, leave };
}

function resultOf(outcome: Outcome | undefined): unknown {
  if (outcome === undefined) throw new Halt();
  if (outcome.kind === 'succeeded') return outcome.output;
  throw named(new Error(outcome.cause), outcome.error);
}

function named(error: Error, name: string): Error {
  error.name = name;
  return error;
}
