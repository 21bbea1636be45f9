/** The local Step Functions: runs the template's state machines with the local functions. */

import type { Operations } from '../aws/index.ts';
import { createJsonFile } from '../aws/json-file.ts';
import type { Clock } from '../clock/clock.ts';
import type { Functions } from '../lambda/functions.ts';
import type { Template } from '../template/template.ts';
import { createExecutions } from './executions.ts';
import { asTold } from './history.ts';
import { readMachines } from './machine.ts';
import { statesOperations } from './operations.ts';

export interface States {
  /** What clients call. */
  readonly operations: Operations;
  /** `{name, status, startedAt, stoppedAt?, error?, input, output?, events: [{at, type, state?, error?}]}` of the
   * execution of that name: ids, names and times, nothing else. Undefined when there is none. */
  history(name: string): object | undefined;
  /** Goes on with what ran when the last process ended. Functions must be ready. */
  resume(): void;
  /** Leaves executions where they are; the next start goes on with those that are kept. */
  close(): Promise<void>;
}

export interface StatesOptions {
  readonly template: Template;
  readonly clock: Pick<Clock, 'now' | 'onMove'>;
  /** Where executions survive a restart; absent: in memory. */
  readonly directory: string | undefined;
  readonly invoke: Functions['invoke'];
  /** Whether definitions are held against the schema of the States Language. */
  readonly validate: boolean;
}

/** @throws {UnsupportedTemplateError} for a state machine that cannot be run as Step Functions would run it. */
export function createStates({ template, clock, directory, invoke, validate }: StatesOptions): States {
  const machines = readMachines(template, validate);
  const file = createJsonFile(directory, 'executions.json');
  const executions = createExecutions({ machines, clock, file, invoke });
  return {
    operations: statesOperations(machines, executions),
    history(name) {
      const execution = executions.all().findLast((each) => each.name === name);
      return execution === undefined ? undefined : asTold(execution);
    },
    resume: executions.resume,
    close: executions.close,
  };
}
