/** The two kinds of task in the recovery workflow: those that wait for the person, and those that call and go on. */
import { Duration } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { type AnsweredStep, recoverySteps } from '../../shared/domain/policy/recovery-paths.ts';

interface WaitingTaskProps extends TaskProps {
  readonly resultPath?: string | undefined;
  /** Seconds that the challenge of the step lives. */
  readonly challengeSeconds?: number | undefined;
}

interface TaskProps {
  readonly function: lambda.IFunction;
  /** Tells the function, which serves the API as well, what is asked of it. */
  readonly task: string;
}

/** How long a person has for a step without a challenge. A step with one ends with its challenge, sooner. */
const waitingSeconds = 900;
/** What a step waits beyond its challenge's life: the challenge begins after the task, later still after a fault. */
const openingSeconds = 30;
/** Above what any of the functions takes. */
const callingTime = Duration.seconds(60);

/**
 * Errors that a function fails a task with on purpose. They are not retried, since that would ask the person again.
 * `AttemptsExhausted`: no attempt is left. `Refused`: the recovery may not go on, or another recovery of the person has
 * superseded its challenge. An execution keeps the definition that it began with, so one that began before an error was
 * added here still retries that error.
 */
const deliberateErrors = ['AttemptsExhausted', 'Refused'] as const;

/** How long a task waits for the person. @param challengeSeconds absent where the step has no challenge of its own. */
function waitSecondsFor(challengeSeconds?: number): number {
  return challengeSeconds === undefined ? waitingSeconds : challengeSeconds + openingSeconds;
}

/** Seconds that the challenge of each step lives; `undefined` where the step has none. */
export type ChallengeSeconds = Readonly<Record<AnsweredStep, number | undefined>>;

/** How long the slowest person takes: the choice of the longest path at its last moment, and each of its steps so too. */
export function slowestSeconds(challengeSeconds: ChallengeSeconds): number {
  const paths = Object.values(recoverySteps).map((steps: readonly AnsweredStep[]) =>
    steps.reduce((sum, step) => sum + waitSecondsFor(challengeSeconds[step]), 0),
  );
  return waitSecondsFor() + Math.max(...paths);
}

/** Ends when somebody reports success or failure under the token that the function was given. */
export function waitingTask(
  scope: Construct,
  name: string,
  { function: lambdaFunction, task, resultPath, challengeSeconds }: WaitingTaskProps,
): LambdaInvoke {
  const state = LambdaInvoke.jsonPath(scope, name, {
    lambdaFunction,
    integrationPattern: sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN,
    payload: sfn.TaskInput.fromObject({
      task,
      recoveryId: sfn.JsonPath.stringAt('$.recoveryId'),
      token: sfn.JsonPath.taskToken,
    }),
    taskTimeout: sfn.Timeout.duration(Duration.seconds(waitSecondsFor(challengeSeconds))),
    retryOnServiceExceptions: false,
    resultPath: resultPath ?? sfn.JsonPath.DISCARD,
  });
  return retryFaults(state);
}

/** Ends when the function returns. */
export function callingTask(
  scope: Construct,
  name: string,
  { function: lambdaFunction, task, more = {} }: TaskProps & { readonly more?: Record<string, string> },
): LambdaInvoke {
  const state = LambdaInvoke.jsonPath(scope, name, {
    lambdaFunction,
    payload: sfn.TaskInput.fromObject({
      task,
      recoveryId: sfn.JsonPath.stringAt('$.recoveryId'),
      ...more,
    }),
    taskTimeout: sfn.Timeout.duration(callingTime),
    retryOnServiceExceptions: false,
    resultPath: sfn.JsonPath.DISCARD,
  });
  return retryFaults(state);
}

/** Faults of Lambda and of the function are tried three times more; a decision or a time-out never is. */
function retryFaults(state: LambdaInvoke): LambdaInvoke {
  state.addRetry({ errors: [...deliberateErrors, sfn.Errors.TIMEOUT], maxAttempts: 0 });
  state.addRetry({
    errors: [
      'Lambda.ServiceException',
      'Lambda.TooManyRequestsException',
      'Lambda.SdkClientException',
      sfn.Errors.TASKS_FAILED,
    ],
    interval: Duration.seconds(1),
    backoffRate: 2,
    maxAttempts: 3,
  });
  return state;
}
