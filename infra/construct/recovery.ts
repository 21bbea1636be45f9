/** The recovery workflow: which steps a person takes on which path, and the end of every way it can go. */
import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct, type IConstruct } from 'constructs';
import { type Policy, questionsLifetimeSeconds } from '../../shared/domain/policy/policy.ts';
import {
  type AnsweredStep,
  type RecoveryPath,
  recoveryPathNames,
  recoverySteps,
} from '../../shared/domain/policy/recovery-paths.ts';
import { allow } from './keys.ts';
import { prefixOf, vendedLogGroupName } from './names.ts';
import { type ChallengeSeconds, callingTask, slowestSeconds, waitingTask } from './recovery-tasks.ts';
import { outlivesStack } from './removal.ts';

/** The functions that are the workflow's tasks. */
export type TaskFunctions = Readonly<
  Record<'recovery' | 'kba-check' | 'issue-otp' | 'verify-otp', lambda.IFunction>
>;

export interface RecoveryWorkflowProps {
  readonly functions: TaskFunctions;
  readonly logKey: kms.IKey;
  readonly policy: Policy;
}

/** For faults that are repeated, three times in each of a recovery's tasks, and for what writes down how it ended. */
const slackSeconds = 900;

/**
 * Input of an execution: `{"recoveryId": "…", "path": "…"}`, the path empty where the person is to choose. Nothing
 * but ids goes in, comes out or is kept between.
 */
export class RecoveryWorkflow extends Construct {
  readonly machine: sfn.StateMachine;
  readonly logGroup: logs.LogGroup;

  /** Known before the machine exists: its functions name it, and it names them. */
  static arnIn(part: IConstruct): string {
    return Stack.of(part).formatArn({
      service: 'states',
      resource: 'stateMachine',
      resourceName: nameIn(part),
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }

  constructor(scope: Construct, id: string, { functions, logKey, policy }: RecoveryWorkflowProps) {
    super(scope, id);
    this.logGroup = new logs.LogGroup(this, 'Logs', {
      logGroupName: vendedLogGroupName(this, 'recovery'),
      retention: logs.RetentionDays.THREE_MONTHS,
      removalPolicy: outlivesStack,
      encryptionKey: logKey,
    });
    const role = this.roleFor(Object.values(functions));
    const challengeSeconds: ChallengeSeconds = {
      kba: questionsLifetimeSeconds,
      otp: policy.otp.lifetimeSeconds,
      'backup-code': undefined,
    };
    this.machine = new sfn.StateMachine(this, 'Machine', {
      stateMachineName: nameIn(this),
      stateMachineType: sfn.StateMachineType.STANDARD,
      definitionBody: sfn.DefinitionBody.fromChainable(this.definition(functions, challengeSeconds)),
      queryLanguage: sfn.QueryLanguage.JSON_PATH,
      // Longer than any recovery, so that the end of its tasks comes first and is written down.
      timeout: Duration.seconds(slowestSeconds(challengeSeconds) + slackSeconds),
      // Its tasks would allow every version of the functions as well.
      role: role.withoutPolicyUpdates(),
      logs: { destination: this.logGroup, level: sfn.LogLevel.ALL, includeExecutionData: false },
    });
    this.machine.node.addDependency(role); // whose rights are looked at when the machine is made
    for (const each of Object.values(functions)) RecoveryWorkflow.allowAnswering(each);
    RecoveryWorkflow.allowStarting(functions.recovery);
  }

  /** Lets a function move a recovery on, or end it, by its step's token. */
  static allowAnswering(answering: lambda.IFunction): void {
    const arn = RecoveryWorkflow.arnIn(answering);
    allow(answering, ['states:SendTaskSuccess', 'states:SendTaskFailure'], [arn]);
  }

  static allowStarting(starting: lambda.IFunction): void {
    allow(starting, ['states:StartExecution'], [RecoveryWorkflow.arnIn(starting)]);
  }

  private definition(functions: TaskFunctions, challengeSeconds: ChallengeSeconds): sfn.IChainable {
    const ends = this.ends(functions);
    const waiting = (
      name: string,
      fn: keyof TaskFunctions,
      task: string,
      more: { readonly resultPath?: string; readonly challengeSeconds?: number | undefined } = {},
    ) => {
      const state = waitingTask(this, name, { function: functions[fn], task, ...more });
      state.addCatch(ends.timedOut, { errors: [sfn.Errors.TIMEOUT], resultPath: errorPath });
      state.addCatch(ends.failed, { errors: [sfn.Errors.ALL], resultPath: errorPath });
      return state;
    };
    const choose = waiting('Choose', 'recovery', 'ask-path', { resultPath: '$.choice' });
    const askQuestions = waiting('AskQuestions', 'kba-check', 'ask-questions', {
      challengeSeconds: challengeSeconds.kba,
    });
    const sendCode = waiting('SendCode', 'issue-otp', 'send-code', {
      challengeSeconds: challengeSeconds.otp,
    }).next(ends.succeeded);
    const askBackupCode = waiting('AskBackupCode', 'verify-otp', 'ask-backup-code').next(ends.succeeded);

    const unknownPath = sfn.Pass.jsonPath(this, 'UnknownPath', {
      result: sfn.Result.fromObject({ Error: 'UnknownPath' }),
      resultPath: errorPath,
    }).next(ends.failed);
    const takeChoice = sfn.Pass.jsonPath(this, 'TakeChoice', {
      parameters: { 'recoveryId.$': '$.recoveryId', 'path.$': '$.choice.path' },
    });
    askQuestions.next(
      sfn.Choice.jsonPath(this, 'CodeToo').when(goesOn('kba', 'otp'), sendCode).otherwise(ends.succeeded),
    );
    const route = sfn.Choice.jsonPath(this, 'Route')
      .when(goesOn('start', 'kba'), askQuestions)
      .when(goesOn('start', 'otp'), sendCode)
      .when(goesOn('start', 'backup-code'), askBackupCode)
      .when(follows(''), choose)
      .otherwise(unknownPath);
    choose.next(takeChoice).next(route);
    return route;
  }

  /** The last steps. A recovery whose success cannot be written down has failed. */
  private ends({ recovery }: TaskFunctions) {
    const isFailed = sfn.Fail.jsonPath(this, 'RecoveryFailed', { error: 'RecoveryFailed' });
    const failed = callingTask(this, 'Fail', {
      function: recovery,
      task: 'fail',
      more: { reason: sfn.JsonPath.stringAt(`${errorPath}.Error`) },
    });
    failed.addCatch(isFailed, { resultPath: sfn.JsonPath.DISCARD }).next(isFailed);

    const isTimedOut = sfn.Fail.jsonPath(this, 'RecoveryTimedOut', { error: 'RecoveryTimedOut' });
    const timedOut = callingTask(this, 'TimeOut', { function: recovery, task: 'time-out' });
    timedOut.addCatch(isTimedOut, { resultPath: sfn.JsonPath.DISCARD }).next(isTimedOut);

    const succeeded = callingTask(this, 'Succeed', { function: recovery, task: 'succeed' });
    succeeded.addCatch(failed, { resultPath: errorPath }).next(sfn.Succeed.jsonPath(this, 'Succeeded'));
    return { succeeded, failed, timedOut };
  }

  /** May call the tasks and write its log, for which CloudWatch Logs has no resource to name. */
  private roleFor(functions: readonly lambda.IFunction[]): iam.Role {
    const stack = Stack.of(this);
    const machines = stack.formatArn({
      service: 'states',
      resource: 'stateMachine',
      resourceName: '*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('states.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': stack.account },
          ArnLike: { 'aws:SourceArn': machines },
        },
      }),
    });
    allow(
      role,
      ['lambda:InvokeFunction'],
      functions.map(({ functionArn }) => functionArn),
    );
    allow(role, logDelivery, ['*']);
    return role;
  }
}

/** Where the reason of an end is kept until the recovery has been told. */
const errorPath = '$.error';

const follows = (path: RecoveryPath | ''): sfn.Condition => sfn.Condition.stringEquals('$.path', path);

/** The transitions that the workflow has. A path that needs another one stops the synthesis. */
const transitions = [
  ['start', 'kba'],
  ['start', 'otp'],
  ['start', 'backup-code'],
  ['kba', 'otp'],
] as const satisfies readonly (readonly ['start' | AnsweredStep, AnsweredStep])[];

/** Whether the path asks `next` right after `before`, read off the table of steps. */
function goesOn(before: 'start' | AnsweredStep, next: AnsweredStep): sfn.Condition {
  const paths = recoveryPathNames.filter((path) => transitionsOf(path).includes(`${before} ${next}`));
  const [first, ...others] = paths.map(follows);
  if (first === undefined) throw new Error(`no path asks ${next} after ${before}`);
  return others.length === 0 ? first : sfn.Condition.or(first, ...others);
}

function transitionsOf(path: RecoveryPath): string[] {
  const steps: readonly AnsweredStep[] = recoverySteps[path];
  return steps.map((step, place) => `${steps[place - 1] ?? 'start'} ${step}`);
}

const known = transitions.map((transition) => transition.join(' '));
for (const path of recoveryPathNames) {
  const missing = transitionsOf(path).find((transition) => !known.includes(transition));
  if (missing !== undefined)
    throw new Error(`the path ${path} needs the transition ${missing} in the workflow`);
}

const nameIn = (part: IConstruct): string => `${prefixOf(part)}-recovery`;

const logDelivery = [
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
] as const;
