/** The history of an execution: noted as it happens, and told with ids, names and times only. */
import type { StateMachine } from 'aws-local-stepfunctions';
import type { Execution, HistoryEvent, Outcome, Status } from './records.ts';

export type Note = (type: string, more?: Pick<HistoryEvent, 'state' | 'error'>) => void;

const stateEvent = /State(Entered|Exited)$/;

const endEvents = {
  SUCCEEDED: 'ExecutionSucceeded',
  FAILED: 'ExecutionFailed',
  TIMED_OUT: 'ExecutionTimedOut',
  ABORTED: 'ExecutionAborted',
} as const satisfies Record<Exclude<Status, 'RUNNING'>, string>;

export function noteEnd(note: Note, status: keyof typeof endEvents, error?: string): void {
  note(endEvents[status], error === undefined ? {} : { error });
}

export function noteTaskEnd(note: Note, state: string, outcome: Outcome): void {
  if (outcome.kind === 'succeeded') note('TaskSucceeded', { state });
  else if (outcome.error === 'States.Timeout') note('TaskTimedOut', { state, error: outcome.error });
  else note('TaskFailed', { state, error: outcome.error });
}

/** Notes each state that the interpreter enters and leaves, once: a restart passes the first ones again. */
export async function noteStates(
  logs: ReturnType<StateMachine['run']>['eventLogs'],
  before: readonly HistoryEvent[],
  note: Note,
): Promise<void> {
  let known = before.filter(({ type }) => stateEvent.test(type)).length;
  for await (const log of logs) {
    if (log.type !== 'StateEntered' && log.type !== 'StateExited') continue;
    const { type, name } = log.state;
    if (known > 0) known -= 1;
    else note(`${type}${log.type}`, { state: name });
  }
}

/** As GetExecutionHistory answers it. */
export function asAnswered(events: readonly HistoryEvent[]): object[] {
  return events.map(({ at, type, state, error }, index) => ({
    id: index + 1,
    previousEventId: index,
    timestamp: at / 1000,
    type,
    ...detailsOf(type, state, error),
  }));
}

function detailsOf(type: string, name: string | undefined, error: string | undefined): object {
  if (type.endsWith('StateEntered')) return { stateEnteredEventDetails: { name } };
  if (type.endsWith('StateExited')) return { stateExitedEventDetails: { name } };
  if (error === undefined) return {};
  const lambda = { resourceType: 'lambda', resource: 'invoke', error };
  const details = type.startsWith('Task') ? lambda : { error };
  return { [`${type[0]?.toLowerCase()}${type.slice(1)}EventDetails`]: details };
}

/** For people: what happened when, times as text. */
export function asTold({
  name,
  status,
  startedAt,
  stoppedAt,
  input,
  output,
  error,
  events,
}: Execution): object {
  const time = (milliseconds: number) => new Date(milliseconds).toISOString();
  return {
    name,
    status,
    startedAt: time(startedAt),
    ...(stoppedAt === undefined ? {} : { stoppedAt: time(stoppedAt) }),
    ...(error === undefined ? {} : { error }),
    input: JSON.parse(input),
    ...(output === undefined ? {} : { output: JSON.parse(output) }),
    events: events.map(({ at, ...event }) => ({ at: time(at), ...event })),
  };
}
