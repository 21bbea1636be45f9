/** A Lambda function of this stack: its runtime, its log group, its role, and the variables it declares. */
import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import {
  type FunctionName,
  functionEnvironment,
  optionalEnvironment,
} from '../../shared/environment/variables.ts';
import { outlivesStack } from './removal.ts';

/** Values for every variable that any function declares; each function gets those it declares. */
export type Variables = Readonly<Partial<Record<string, string>>>;

const behindApi = 29; // API Gateway answers in our place after 30

/**
 * Longer than all that a request asks of its dependencies, each at its slowest, so that it is the function that
 * answers `unavailable`; see docs/dependencies.md.
 */
const timeoutSeconds: Readonly<Record<FunctionName, number>> = {
  'issue-otp': behindApi,
  'verify-otp': behindApi,
  'kba-check': behindApi,
  'generate-backup-code': behindApi,
  recovery: behindApi,
  users: behindApi,
  scim: behindApi,
  windows: behindApi,
  policy: behindApi,
  oidc: behindApi,
  'sign-in': behindApi,
  'speak-otp': 8, // how long a contact flow waits
  deliver: 44,
  'sms-status': 15,
};

export interface FallbackFunctionProps {
  readonly name: FunctionName;
  readonly description: string;
  readonly code: lambda.Code;
  readonly variables: Variables;
  readonly logKey: kms.IKey;
  /** At most so many run at once, of the account's: a flood of this function's requests leaves the others theirs. */
  readonly mostAtOnce?: number | undefined;
}

/**
 * The worker queues its own messages again: a held notice some three hundred times in three days, ended by its age.
 * Lambda would take that for a loop and stop it after sixteen, where the SDK's own clients send the header by which it
 * counts: https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html.
 */
const queuesItsOwn: FunctionName = 'deliver';

export class FallbackFunction extends Construct {
  readonly name: FunctionName;
  readonly function: lambda.Function;
  /** As it gets them. */
  readonly variables: Variables;
  readonly logGroup: logs.LogGroup;

  constructor(
    scope: Construct,
    id: string,
    { name, description, code, variables, logKey, mostAtOnce }: FallbackFunctionProps,
  ) {
    super(scope, id);
    this.name = name;
    this.variables = environmentFor(name, variables);
    this.logGroup = new logs.LogGroup(this, 'Logs', {
      retention: logs.RetentionDays.THREE_MONTHS,
      removalPolicy: outlivesStack,
      encryptionKey: logKey,
    });
    const role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    this.logGroup.grantWrite(role);
    this.function = new lambda.Function(this, 'Function', {
      description,
      code,
      handler: 'index.handler',
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      memorySize: 512,
      timeout: Duration.seconds(timeoutSeconds[name]),
      role,
      logGroup: this.logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
      environment: { ...this.variables } as Record<string, string>,
      ...(name === queuesItsOwn ? { recursiveLoop: lambda.RecursiveLoop.ALLOW } : {}),
      ...(mostAtOnce === undefined ? {} : { reservedConcurrentExecutions: mostAtOnce }),
    });
  }
}

/** @throws when a variable that is not optional has no value, so that synth and not the first request finds it. */
function environmentFor(name: FunctionName, variables: Variables): Record<string, string> {
  const optional: readonly string[] = optionalEnvironment;
  const names: readonly string[] = functionEnvironment[name];
  const missing = names.filter(
    (variable) => variables[variable] === undefined && !optional.includes(variable),
  );
  if (missing.length > 0) throw new Error(`${name} needs ${missing.join(', ')}`);
  const entries = names.map((variable) => [variable, variables[variable]] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
