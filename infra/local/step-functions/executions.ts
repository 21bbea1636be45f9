/** All executions: started once under a name, found by the tokens of their tasks, taken up again after a restart. */

import type { JsonFile } from '../aws/json-file.ts';
import type { Clock } from '../clock/clock.ts';
import type { Functions } from '../lambda/functions.ts';
import { createDeadlines } from './deadlines.ts';
import type { Machine } from './machine.ts';
import { type Attempt, createRecords, type Execution, type Outcome, type Records, shift } from './records.ts';
import { type Run, startRun } from './run.ts';

export interface Executions {
  /**
   * Starts an execution under a name once. A repeat with the same input gets that execution while it runs.
   * @param input JSON text. @returns undefined when the name is taken by an execution that differs or has ended.
   */
  start(machine: Machine, name: string, input: string): Promise<Execution | undefined>;
  get(arn: string): Execution | undefined;
  /** In order of their start. */
  all(): readonly Execution[];
  /** `closed`: the task or its execution has ended. `unknown`: no task ever had this token. */
  settle(token: string, outcome: Outcome): Promise<'settled' | 'closed' | 'unknown'>;
  abort(execution: Execution, error: string | undefined): Promise<void>;
  /** Goes on with what ran when the last process ended. Functions must be ready. */
  resume(): void;
  /** Leaves every execution where it is. */
  close(): Promise<void>;
}

export interface ExecutionsOptions {
  readonly machines: readonly Machine[];
  readonly clock: Pick<Clock, 'now' | 'onMove'>;
  readonly file: JsonFile;
  readonly invoke: Functions['invoke'];
}

export function createExecutions({ machines, clock, file, invoke }: ExecutionsOptions): Executions {
  const records = createRecords(file, clock.now);
  const deadlines = createDeadlines(clock);
  const runs = new Map<Execution, Run>();
  const tasks = indexTasks(records.all());
  clock.onMove((milliseconds) => {
    if (milliseconds < 0) takeBack(records, [...runs.keys()], milliseconds);
  });

  const run = (machine: Machine, execution: Execution) => {
    const started = startRun({
      ...{ machine, execution, deadlines, invoke },
      now: clock.now,
      save: records.save,
      onAttempt: (attempt) => tasks.add(execution, attempt),
      onEnd: () => runs.delete(execution),
    });
    runs.set(execution, started);
  };

  return {
    get: records.get,
    all: records.all,
    async start(machine, name, input) {
      const taken = records.get(executionArn(machine, name));
      if (taken !== undefined) {
        if (taken.input !== input || taken.status !== 'RUNNING') return undefined;
        await records.save(); // the request that started it may still be at it
        return taken;
      }
      const execution = newExecution(machine, name, input, clock.now());
      records.add(execution);
      run(machine, execution);
      await records.save();
      return execution;
    },
    async settle(token, outcome) {
      const task = tasks.find(token);
      if (task === undefined) return 'unknown';
      const isSettled = runs.get(task.execution)?.settle(task.attempt, outcome) === true;
      if (isSettled) await records.save();
      return isSettled ? 'settled' : 'closed';
    },
    async abort(execution, error) {
      runs.get(execution)?.end('ABORTED', error);
      await records.save();
    },
    resume() {
      for (const execution of records.all()) {
        const machine = machines.find(({ arn }) => arn === execution.machineArn);
        if (execution.status === 'RUNNING' && machine !== undefined) run(machine, execution);
      }
    },
    async close() {
      for (const each of runs.values()) each.leave();
      await records.save();
    },
  };
}

function takeBack(records: Records, running: readonly Execution[], milliseconds: number): void {
  for (const execution of running) shift(execution, milliseconds);
  records.save().catch(() => {}); // tried again with the next change
}

/** Finds tasks by the token under which somebody is to report. */
function indexTasks(recorded: readonly Execution[]) {
  const tasks = new Map<string, { readonly execution: Execution; readonly attempt: Attempt }>();
  const add = (execution: Execution, attempt: Attempt): void => {
    if (attempt.token !== undefined) tasks.set(attempt.token, { execution, attempt });
  };
  for (const execution of recorded) for (const attempt of execution.attempts) add(execution, attempt);
  return { add, find: (token: string) => tasks.get(token) };
}

function newExecution(machine: Machine, name: string, input: string, startedAt: number): Execution {
  return {
    arn: executionArn(machine, name),
    ...{ name, machineArn: machine.arn, input, startedAt, attempts: [] },
    events: [{ at: startedAt, type: 'ExecutionStarted' }],
    status: 'RUNNING',
  };
}

function executionArn({ arn, name }: Machine, execution: string): string {
  return `${arn.slice(0, arn.lastIndexOf(':stateMachine:'))}:execution:${name}:${execution}`;
}
