/** Services that others bring to the emulator: Step Functions and Secrets Manager. */
import { describe, expect, it } from 'vitest';
import type { Operations } from '../../../../infra/local/aws/index.ts';
import { ServiceError } from '../../../../infra/local/aws/service-error.ts';
import { startTestAwsEmulator, type TestAwsEmulator } from './fixtures/aws-emulator.ts';

const closedTask = { taskToken: 'closed' };
const states: Operations = {
  SendTaskSuccess({ taskToken }) {
    if (taskToken === closedTask.taskToken) throw new ServiceError('TaskTimedOut', 'The task has ended.');
    return { resumed: taskToken };
  },
};

/** Step Functions has no client here: this is what one sends. */
async function ask(aws: TestAwsEmulator, operation: string, input: object = {}) {
  const response = await fetch(aws.endpoint('states'), {
    method: 'POST',
    headers: {
      authorization:
        'AWS4-HMAC-SHA256 Credential=a/20300101/r/states/aws4_request, SignedHeaders=host, Signature=0',
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AWSStepFunctions.${operation}`,
    },
    body: JSON.stringify(input),
  });
  return { status: response.status, answer: (await response.json()) as unknown };
}

describe('a service that is brought to the emulator', () => {
  it('answers in the protocol of that service, its errors too', async () => {
    const aws = await startTestAwsEmulator({ operations: { states } });
    expect(await ask(aws, 'SendTaskSuccess', { taskToken: 'open' })).toEqual({
      status: 200,
      answer: { resumed: 'open' },
    });
    expect(await ask(aws, 'SendTaskSuccess', closedTask)).toEqual({
      status: 400,
      answer: { __type: 'com.amazonaws.states#TaskTimedOut', message: 'The task has ended.' },
    });
  });

  it('is counted and has the faults of every other service', async () => {
    const aws = await startTestAwsEmulator({ operations: { states } });
    aws.faults.set('states', 'throttle', 1);
    expect(await ask(aws, 'SendTaskSuccess')).toMatchObject({
      status: 400,
      answer: { __type: 'com.amazonaws.states#ThrottlingException' },
    });
    aws.faults.set('states', 'error', 1);
    expect(await ask(aws, 'SendTaskSuccess')).toMatchObject({ status: 500 });
    expect(await ask(aws, 'SendTaskSuccess')).toMatchObject({ status: 200 });
    expect(aws.requests.all()).toEqual({ states: { SendTaskSuccess: 3 } });
  });

  it('refuses operations by name that it does not have, all of them when nobody brought it', async () => {
    const brought = await startTestAwsEmulator({ operations: { states } });
    const absent = await startTestAwsEmulator();
    for (const aws of [brought, absent]) {
      expect(await ask(aws, 'StartExecution')).toMatchObject({
        status: 400,
        answer: {
          __type: 'com.amazonaws.states#UnknownOperationException',
          message: expect.stringContaining('StartExecution'),
        },
      });
    }
  });
});
