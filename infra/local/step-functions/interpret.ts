/**
 * Runs the definition of one execution through the interpreter. Recorded tasks are replayed first: one that ended is
 * not called again, and one that waited goes on waiting under its old token.
 */
import { randomBytes } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { StateMachine } from 'aws-local-stepfunctions';
import type { Note } from './history.ts';
import type { Machine } from './machine.ts';
import type { Attempt, Execution, Outcome } from './records.ts';
import type { Tasks } from './tasks.ts';

export interface InterpretOptions {
  readonly machine: Machine;
  readonly execution: Execution;
  readonly now: () => number;
  readonly note: Note;
  /** Told of a new task before its function is. */
  readonly onAttempt: (attempt: Attempt) => void;
  readonly tasks: Pick<Tasks, 'perform'>;
  readonly isOver: () => boolean;
}

/** Goes through the interpreter past every Retry and Catch. */
class Halt extends Error {
  readonly isRetryable = false;
  readonly isCatchable = false;
}

export function interpret(options: InterpretOptions): ReturnType<StateMachine['run']> {
  const { machine, execution } = options;
  const steps = createSteps(options);
  const names = [...machine.tasks.keys()];
  return machine.interpreter.run(JSON.parse(execution.input), {
    context: {
      Execution: { Id: execution.arn, Name: execution.name },
      StateMachine: { Id: machine.arn, Name: machine.name },
      Task: steps.task,
    },
    overrides: {
      taskResourceLocalHandlers: Object.fromEntries(
        names.map((state) => [
          state,
          (parameters: unknown) => steps.handle(state, parameters) as Promise<never>,
        ]),
      ),
      // The interpreter reads this before each wait between two tries. Waits from before a restart are skipped.
      retryIntervalOverrides: Object.defineProperties(
        {},
        Object.fromEntries(
          names.map((state) => [state, { get: () => (steps.isReplaying() ? 0 : undefined) }]),
        ),
      ),
    },
  });
}

/** The tasks in the order in which the interpreter reaches them: the recorded ones first, then new ones. */
function createSteps({ machine, execution, now, note, onAttempt, tasks, isOver }: InterpretOptions) {
  const { attempts } = execution;
  let reached = 0;
  const tokenAt = (position: number) => attempts[position]?.token ?? randomBytes(32).toString('base64url');
  /** The part of the context object that a definition reads as `$$.Task`. */
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
    if (isOver()) throw new Halt();
    const attempt = attempts[reached] ?? begin(state, task.Token);
    reached += 1;
    task.Token = tokenAt(reached);
    if (attempt.state !== state) throw named(new Halt('the definition has changed'), 'States.Runtime');
    if (attempt.outcome === undefined) {
      await tasks.perform(attempt, (parameters as { readonly Payload?: unknown }).Payload ?? {});
    }
    return resultOf(attempt.outcome);
  };
  return { task, handle, isReplaying: () => reached < attempts.length };
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
