/** The life of one execution: started or taken up again, timed out, ended or left where it is. */
import { type Note, noteEnd, noteStates } from './history.ts';
import { type InterpretOptions, interpret } from './interpret.ts';
import type { Attempt, Outcome, Status } from './records.ts';
import { createTasks, type TasksOptions } from './tasks.ts';

export interface Run {
  /** Ends a task. @returns false when it had ended, its time is over, or the execution has ended. */
  settle(attempt: Attempt, outcome: Outcome): boolean;
  /** Ends the execution from outside. */
  end(status: Exclude<Status, 'RUNNING'>, error?: string): void;
  /** Stops here. The next start goes on from the record. */
  leave(): void;
}

export interface RunOptions
  extends Pick<TasksOptions, 'now' | 'deadlines' | 'invoke' | 'save'>,
    Pick<InterpretOptions, 'machine' | 'execution' | 'onAttempt'> {
  readonly onEnd: () => void;
}

export function startRun({ machine, execution, onAttempt, onEnd, ...options }: RunOptions): Run {
  const { now, deadlines, save } = options;
  const { events } = execution;
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

  const interpreted = interpret({ machine, execution, now, note, onAttempt, tasks, isOver: () => isOver });

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
