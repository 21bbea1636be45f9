/** The recovery workflow in Step Functions, as the functions see it: started by name, resumed by token. */
import {
  ExecutionAlreadyExists,
  InvalidToken,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import type { Workflow } from '../domain/recovery/recovery.ts';
import { clientConfiguration } from './client-configuration.ts';
import { trimmedClient } from './trimmed-client.ts';

export function stepFunctions(stateMachineArn: string): Workflow {
  const sfn = trimmedClient(new SFNClient(clientConfiguration('states')));
  const resume = async (request: () => Promise<unknown>) => {
    try {
      await request();
      return 'resumed';
    } catch (error) {
      // A token that was used, that timed out or that never was: one answer, since none of them moves anything.
      const over = [TaskTimedOut, TaskDoesNotExist, InvalidToken];
      if (over.some((kind) => error instanceof kind)) return 'closed';
      throw error;
    }
  };
  return {
    async start(recoveryId, path) {
      const input = JSON.stringify({ recoveryId, path });
      try {
        await sfn.send(new StartExecutionCommand({ stateMachineArn, name: recoveryId, input }));
      } catch (error) {
        if (!(error instanceof ExecutionAlreadyExists)) throw error;
      }
    },
    succeed: (taskToken, output) =>
      resume(() => sfn.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }))),
    fail: (taskToken, error) => resume(() => sfn.send(new SendTaskFailureCommand({ taskToken, error }))),
  };
}
