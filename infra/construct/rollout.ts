/** Gradual deployments: a new version gets a tenth of the requests first, and an alarm takes them back. */
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { FunctionName } from '../../shared/environment/variables.ts';
import { pascal } from './names.ts';

type Functions = Readonly<Partial<Record<FunctionName, lambda.Function>>>;
type Aliases = ReadonlyMap<string, lambda.Alias>;

/**
 * What the API calls in the place of each function. Tasks of the workflow, the worker and the contact flow call the newest
 * version at once: half a recovery by each of two versions would be no safer than all of it by one.
 */
export function aliasesOf(scope: Construct, functions: Functions): Aliases {
  return new Map(
    Object.entries(functions).map(([name, { currentVersion }]) => {
      // The types of CDK miss an `undefined` under exactOptionalPropertyTypes, here and below.
      const version = currentVersion as lambda.IVersion;
      return [name, new lambda.Alias(scope, `${pascal(name)}Live`, { aliasName: 'live', version })];
    }),
  );
}

export function functionsOf(aliases: Aliases): Readonly<Partial<Record<FunctionName, lambda.IFunction>>> {
  return Object.fromEntries(aliases) as unknown as Record<FunctionName, lambda.IFunction>;
}

/** A tenth for five minutes, then all, unless an alarm is raised meanwhile. */
export class Rollout extends Construct {
  /** @param alarmsOf a function, by its name: those that take its new version back. */
  constructor(scope: Construct, id: string, aliases: Aliases, alarmsOf: (name: string) => IAlarm[]) {
    super(scope, id);
    const application = new codedeploy.LambdaApplication(this, 'Application');
    for (const [name, alias] of aliases) {
      new codedeploy.LambdaDeploymentGroup(this, name, {
        application,
        alias,
        deploymentConfig: codedeploy.LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
        alarms: alarmsOf(name),
        autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
      });
    }
  }
}
