/**
 * What SNS decides about an SMS after it took it: the log that it writes, with a key of its own, and the function that
 * takes ids out of it.
 *
 * SNS writes for the whole account and region, so one stage there has this. That SNS writes at all is a setting which
 * CloudFormation lacks; `npm run mfa -- doctor` prints the command.
 */
import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { LambdaDestination } from 'aws-cdk-lib/aws-logs-destinations';
import { Construct } from 'constructs';
import type { Foundation } from './foundation.ts';
import type { FallbackFunction } from './functions.ts';
import { allow } from './keys.ts';
import { output } from './outputs.ts';
import { outlivesStack } from './removal.ts';

/** The function, and the key of what it reads; `undefined` where the stage does not ask for it. */
export function addSmsStatus(
  scope: Construct,
  foundation: Foundation,
): { readonly reader: FallbackFunction; readonly key: kms.IKey } | undefined {
  if (!foundation.stage.sms.deliveryStatus) return undefined;
  const reader = foundation.addFunction('sms-status', 'Takes what became of SMS out of the log of SNS');
  foundation.allowQueues(reader, 'outcome');
  const { key } = new SmsLog(scope, 'SmsLog', reader);
  return { reader, key };
}

class SmsLog extends Construct {
  readonly key: kms.IKey;

  constructor(scope: Construct, id: string, { function: reader }: FallbackFunction) {
    super(scope, id);
    const stack = Stack.of(this);
    // SNS chooses the names: https://docs.aws.amazon.com/sns/latest/dg/sms_stats_cloudwatch.html
    const name = `sns/${stack.region}/${stack.account}/DirectPublishToPhoneNumber`;
    const arnOf = (resourceName: string) =>
      stack.formatArn({
        service: 'logs',
        resource: 'log-group',
        resourceName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
    const encryptionKey = this.keyFor([arnOf(name), arnOf(`${name}/Failure`)]);
    this.key = encryptionKey;
    const groups = Object.entries({ Sent: name, Failed: `${name}/Failure` }).map(([each, logGroupName]) => {
      const group = new logs.LogGroup(this, each, {
        logGroupName,
        encryptionKey,
        // Each line has a person's number.
        retention: logs.RetentionDays.ONE_DAY,
        removalPolicy: outlivesStack,
      });
      group.addSubscriptionFilter('Status', {
        destination: new LambdaDestination(reader),
        filterPattern: logs.FilterPattern.exists('$.notification.messageId'),
      });
      return group;
    });
    const writer = new iam.Role(this, 'Writer', {
      description: 'SNS writes what became of SMS',
      assumedBy: new iam.ServicePrincipal('sns.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
      }),
    });
    allow(
      writer,
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
      groups.map(({ logGroupArn }) => logGroupArn),
    );
    output(this, 'SmsStatusRoleArn', {
      value: writer.roleArn,
      description: 'What SNS is told to write its log of SMS with: npm run mfa -- doctor prints how',
    });
  }

  /** For these two groups alone, so that whoever may read other logs reads no numbers here. */
  private keyFor(groups: readonly string[]): kms.Key {
    const key = new kms.Key(this, 'Key', {
      description: 'MFA fallback: the log of SNS, which holds numbers',
      enableKeyRotation: true,
      removalPolicy: outlivesStack,
    });
    key.addToResourcePolicy(
      new iam.PolicyStatement({
        principals: [new iam.ServicePrincipal(`logs.${Stack.of(this).region}.amazonaws.com`)],
        actions: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
        resources: ['*'], // in the policy of a key: that key
        conditions: { ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': groups } },
      }),
    );
    return key;
  }
}
