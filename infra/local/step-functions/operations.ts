/** Step Functions as a service of the AWS emulator: the operations that clients call. */
import { randomUUID } from 'node:crypto';
import { type Operations, optionalText, requiredText } from '../aws/operations.ts';
import type { Input } from '../aws/protocols.ts';
import { ServiceError } from '../aws/service-error.ts';
import type { Executions } from './executions.ts';
import { asAnswered } from './history.ts';
import type { Machine } from './machine.ts';
import type { Execution, Outcome } from './records.ts';

/** Limits of the service. */
const mostDataBytes = 262_144;
const mostErrorLength = 256;
const mostCauseLength = 32_768;
const mostResults = 1_000;
const defaultResults = 100;

// biome-ignore lint/suspicious/noControlCharactersInRegex: a name may not hold any
const nameForm = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]{1,80}$/;

export function statesOperations(machines: readonly Machine[], executions: Executions): Operations {
  const machineOf: MachineOf = (input) => {
    const arn = requiredText(input, 'stateMachineArn');
    const machine = machines.find((each) => each.arn === arn);
    if (machine !== undefined) return machine;
    throw new ServiceError('StateMachineDoesNotExist', 'State Machine Does Not Exist');
  };
  return {
    ...ofMachines(machineOf, executions),
    ...ofExecutions(executions),
    ...ofTasks(executions),
  };
}

type MachineOf = (input: Input) => Machine;

function ofMachines(machineOf: MachineOf, executions: Executions): Operations {
  return {
    async StartExecution(input) {
      const machine = machineOf(input);
      const name = optionalText(input, 'name') ?? randomUUID();
      if (!nameForm.test(name)) throw new ServiceError('InvalidName', 'Invalid Name');
      const text = optionalText(input, 'input') ?? '{}';
      if (!isJson(text))
        throw new ServiceError('InvalidExecutionInput', 'Invalid State Machine Execution Input');
      const execution = await executions.start(machine, name, text);
      if (execution !== undefined)
        return { executionArn: execution.arn, startDate: seconds(execution.startedAt) };
      throw new ServiceError('ExecutionAlreadyExists', 'Execution Already Exists');
    },
    ListExecutions(input) {
      const { arn } = machineOf(input);
      const status = optionalText(input, 'statusFilter');
      const found = executions
        .all()
        .filter((each) => each.machineArn === arn && (status === undefined || each.status === status));
      return page(input, 'executions', found.map(summaryOf).reverse());
    },
  };
}

function ofExecutions(executions: Executions): Operations {
  const executionOf = (input: Input): Execution => {
    const execution = executions.get(requiredText(input, 'executionArn'));
    if (execution !== undefined) return execution;
    throw new ServiceError('ExecutionDoesNotExist', 'Execution Does Not Exist');
  };
  return {
    DescribeExecution(input) {
      const execution = executionOf(input);
      const { input: given, output, error } = execution;
      return {
        ...summaryOf(execution),
        input: given,
        inputDetails: { included: true },
        ...(output === undefined ? {} : { output, outputDetails: { included: true } }),
        ...(error === undefined ? {} : { error }),
      };
    },
    GetExecutionHistory(input) {
      const events = asAnswered(executionOf(input).events);
      return page(input, 'events', input['reverseOrder'] === true ? events.reverse() : events);
    },
    async StopExecution(input) {
      const execution = executionOf(input);
      const error = shortText(input, 'error', mostErrorLength);
      await executions.abort(execution, error);
      return { stopDate: seconds(execution.stoppedAt ?? 0) };
    },
  };
}

function ofTasks(executions: Executions): Operations {
  const settle = async (input: Input, outcome: Outcome) => {
    const result = await executions.settle(requiredText(input, 'taskToken'), outcome);
    if (result === 'settled') return {};
    if (result === 'unknown') throw new ServiceError('InvalidToken', 'Invalid Token');
    const message = 'Task Timed Out: the provided task does not exist anymore';
    throw new ServiceError('TaskTimedOut', message);
  };
  return {
    SendTaskSuccess(input) {
      const text = requiredText(input, 'output');
      if (!isJson(text)) throw new ServiceError('InvalidOutput', 'Invalid Output');
      return settle(input, { kind: 'succeeded', output: JSON.parse(text) });
    },
    SendTaskFailure: (input) =>
      settle(input, {
        kind: 'failed',
        error: shortText(input, 'error', mostErrorLength) ?? '',
        cause: shortText(input, 'cause', mostCauseLength) ?? '',
      }),
  };
}

function summaryOf({ arn, name, machineArn, status, startedAt, stoppedAt }: Execution) {
  return {
    executionArn: arn,
    stateMachineArn: machineArn,
    name,
    status,
    startDate: seconds(startedAt),
    ...(stoppedAt === undefined ? {} : { stopDate: seconds(stoppedAt) }),
  };
}

/** The token of the next page is where it begins. */
function page(input: Input, name: string, all: readonly object[]): object {
  const given = input['maxResults'] ?? 0;
  if (!Number.isInteger(given) || (given as number) < 0 || (given as number) > mostResults) {
    throw new ServiceError('ValidationException', `maxResults must be a whole number up to ${mostResults}.`);
  }
  const begin = Number(optionalText(input, 'nextToken') ?? 0);
  if (!Number.isInteger(begin)) throw new ServiceError('InvalidToken', 'Invalid Token');
  const end = begin + (given === 0 ? defaultResults : (given as number));
  return { [name]: all.slice(begin, end), ...(end < all.length ? { nextToken: String(end) } : {}) };
}

function shortText(input: Input, name: string, most: number): string | undefined {
  const text = optionalText(input, name);
  if (text === undefined || text.length <= most) return text;
  throw new ServiceError('ValidationException', `${name} is longer than ${most} characters.`);
}

function isJson(text: string): boolean {
  if (Buffer.byteLength(text) > mostDataBytes) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const seconds = (milliseconds: number): number => milliseconds / 1000;
