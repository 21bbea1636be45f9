/** The recovery workflow in Step Functions: functions start it by name and resume it by token. */
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
import { awsClient } from './client.ts';

export function stepFunctions(stateMachineArn: string): Workflow {
  const sfn = awsClient(SFNClient, 'states');
  const resume = async (request: () => Promise<unknown>) => {
    try {
      await request();
      return 'resumed';
    } catch (error) {
      // The token was used, timed out or never existed. The answer is the same: there is nothing to resume.
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
