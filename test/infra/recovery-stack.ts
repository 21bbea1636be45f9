/** The recovery workflow in a stack of its own, with empty functions. */
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { RecoveryWorkflow } from '../../infra/construct/recovery.ts';
import { defaultPolicy } from '../../shared/domain/policy/policy.ts';
import { featureFlags, type Properties, resourcesOf, target } from './template.ts';

export const taskFunctions = ['recovery', 'kba-check', 'issue-otp', 'verify-otp'] as const;

export function recoveryTemplate(): Template {
  const app = new App({ builtinCloudFormationValidation: false, context: featureFlags });
  const stack = new Stack(app, 'Stack', { env: { region: 'eu-central-1' } });
  const functions = Object.fromEntries(
    taskFunctions.map((name) => [
      name,
      new lambda.Function(stack, name, {
        code: lambda.Code.fromInline('exports.handler = async () => {}'),
        handler: 'index.handler',
        runtime: lambda.Runtime.NODEJS_24_X,
        environment: { RECOVERY_MACHINE_ARN: RecoveryWorkflow.arnIn(stack) },
      }),
    ]),
  ) as Record<(typeof taskFunctions)[number], lambda.Function>;
  new RecoveryWorkflow(stack, 'Recovery', {
    functions,
    logKey: new kms.Key(stack, 'Key'),
    policy: defaultPolicy,
  });
  return Template.fromStack(stack);
}

/** The definition of the one state machine, every function in it named by an ARN that ends in the name of its task. */
export function definitionOf(template: Template): Properties {
  const [machine] = resourcesOf(template, 'AWS::StepFunctions::StateMachine').values();
  const parts: unknown[] = machine?.['DefinitionString']['Fn::Join'][1];
  return JSON.parse(
    parts.map((part) => (typeof part === 'string' ? part : resolved(part as Properties))).join(''),
  );
}

function resolved(reference: Properties): string {
  if (reference['Ref'] === 'AWS::Partition') return 'aws';
  const id = target(reference);
  const name = taskFunctions.find((each) => id.startsWith(each.replace('-', '')));
  return `arn:aws:lambda:eu-central-1:000000000000:function:${name ?? id}`;
}
