/** Calls through Amazon Connect: the contact flow, and the right of the instance to ask for what it says. */
import { Fn, Stack } from 'aws-cdk-lib';
import * as connect from 'aws-cdk-lib/aws-connect';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { speakCode } from './contact-flow.ts';

export interface VoiceProps {
  readonly instanceId: string;
  /** Tells the flows of several stages in one instance apart: names are unique there. */
  readonly stageName: string;
  /** Says what the flow speaks. */
  readonly speaker: lambda.Function;
}

export class Voice extends Construct {
  readonly flowId: string;
  readonly instanceArn: string;

  constructor(scope: Construct, id: string, { instanceId, stageName, speaker }: VoiceProps) {
    super(scope, id);
    const stack = Stack.of(this);
    this.instanceArn = stack.formatArn({
      service: 'connect',
      resource: 'instance',
      resourceName: instanceId,
    });
    const association = new connect.CfnIntegrationAssociation(this, 'Speaker', {
      instanceId: this.instanceArn,
      integrationType: 'LAMBDA_FUNCTION',
      integrationArn: speaker.functionArn,
    });
    // Tags of a stack reach every resource that has the property, and Connect's AssociateLambdaFunction takes none.
    association.addPropertyDeletionOverride('Tags');
    speaker.addPermission('Connect', {
      principal: new ServicePrincipal('connect.amazonaws.com'),
      sourceArn: this.instanceArn,
      sourceAccount: stack.account,
    });
    const flow = new connect.CfnContactFlow(this, 'Flow', {
      instanceArn: this.instanceArn,
      name: `MFA fallback: speak a code (${stageName})`,
      type: 'CONTACT_FLOW',
      description: 'Reads a one-time code to the person who answers, after a key press, three times',
      content: stack.toJsonString(speakCode(speaker.functionArn)),
    });
    flow.addResourceDependency(association);
    this.flowId = Fn.select(1, Fn.split('/contact-flow/', flow.attrContactFlowArn));
  }
}
