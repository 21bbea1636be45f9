/** The whole backend as one construct: which parts there are, in which order, and what each is given. */
import { CfnOutput, Stack } from 'aws-cdk-lib';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { policyVersion } from '../../shared/domain/policy/policy-version.ts';
import type { Stage } from '../configuration/stage.ts';
import { Alarms } from './alarms.ts';
import { Api } from './api.ts';
import {
  addAdministrationFunctions,
  addDoorFunctions,
  addProofFunctions,
  addRecoveryWorkflow,
  lambdasOf,
} from './api-functions.ts';
import { addDeliveryFunctions } from './delivery-functions.ts';
import { addDirectoryDoor } from './directory-door.ts';
import { type CodeOf, Foundation } from './foundation.ts';
import type { FallbackFunction } from './functions.ts';
import { addWindowsDoor } from './windows-door.ts';

export interface MfaFallbackProps {
  readonly stage: Stage;
  readonly code: CodeOf;
}

export class MfaFallback extends Construct {
  constructor(scope: Construct, id: string, { stage, code }: MfaFallbackProps) {
    super(scope, id);
    const foundation = new Foundation(this, stage, code);
    const proofs = addProofFunctions(foundation);
    const recovery = addRecoveryWorkflow(this, foundation, proofs);
    const windows = addWindowsDoor(foundation);
    const scim = addDirectoryDoor(foundation);
    const required = {
      ...proofs,
      ...addAdministrationFunctions(foundation),
      ...addDoorFunctions(this, foundation),
    };
    const delivering = addDeliveryFunctions(this, foundation);
    foundation.reserveMacs();
    new Api(this, 'Api', {
      api: foundation.api,
      tokens: foundation.tokens,
      functions: {
        ...lambdasOf(required),
        ...(windows && { windows: windows.function }),
        ...(scim && { scim: scim.function }),
      },
      logKey: foundation.keys.storage,
      stage,
    });
    const doors = [windows, scim].filter((door) => door !== undefined);
    const functions = [...Object.values({ ...required, ...delivering }), ...doors];
    addAlarms(this, foundation, functions, recovery);
    addOutputs(this, foundation);
  }
}

function addAlarms(
  scope: Construct,
  { stage, keys, queues, api }: Foundation,
  functions: readonly FallbackFunction[],
  recovery: sfn.StateMachine,
): void {
  new Alarms(scope, 'Alarms', {
    email: stage.alarms.email,
    key: keys.storage,
    functions,
    queues,
    api,
    recovery,
    stageName: stage.name,
  });
}

/** What an operator or a script asks the stack for; the parts tell their own names themselves. */
function addOutputs(scope: Construct, { stage, table }: Foundation): void {
  const stack = Stack.of(scope);
  new CfnOutput(stack, 'Stage', { value: stage.name });
  new CfnOutput(stack, 'PolicyVersion', {
    value: policyVersion(stage.policy),
    description: 'What log lines that were decided by this policy carry as policy',
  });
  new CfnOutput(stack, 'Region', { value: stack.region });
  new CfnOutput(stack, 'TableName', { value: table.tableName });
}
