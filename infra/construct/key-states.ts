/** Tells the topic of alarms at once when somebody switches off a key or schedules its deletion. */
import * as events from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** Of the runbook. */
export const keyStateAnchor = 'key-switched-off';

interface KeyStatesProps {
  readonly keys: readonly kms.IKey[];
  readonly topic: sns.ITopic;
  readonly stageName: string;
}

/**
 * What CloudTrail notes of a request to KMS reaches EventBridge where the account has a trail: "AWS service events
 * delivered via AWS CloudTrail" in the EventBridge user guide,
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html.
 */
export class KeyStates extends Construct {
  constructor(scope: Construct, id: string, { keys, topic, stageName }: KeyStatesProps) {
    super(scope, id);
    const rule = new events.Rule(this, 'Rule', {
      description: 'A key was disabled, or its deletion scheduled',
      eventPattern: {
        source: ['aws.kms'],
        detailType: ['AWS API Call via CloudTrail'],
        detail: {
          eventSource: ['kms.amazonaws.com'],
          eventName: ['DisableKey', 'ScheduleKeyDeletion'],
          // The request may name the key by its id or ARN; this is always the ARN.
          resources: { ARN: keys.map(({ keyArn }) => keyArn) },
          // One that was refused changed nothing.
          errorCode: [{ exists: false }],
        },
      },
    });
    const from = (path: string) => events.EventField.fromPath(`$.detail.${path}`);
    const what = `${from('eventName')} of ${from('resources[0].ARN')} by ${from('userIdentity.arn')}`;
    const message = `MFA fallback ${stageName}: ${what}. What to do: docs/runbook.md#${keyStateAnchor}`;
    rule.addTarget(new SnsTopic(topic, { message: events.RuleTargetInput.fromText(message) }));
  }
}
