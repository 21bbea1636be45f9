/** The log that SNS writes of SMS: for a day, under a key of its own, read by one function that may do nothing else. */
import { describe, expect, it } from 'vitest';
import { functionName, resourcesOf, smsStatus, target, templateOf } from '../template.ts';

const template = templateOf(smsStatus);
const groups = [...resourcesOf(template, 'AWS::Logs::LogGroup')].filter(([id]) => id.startsWith('SmsLog'));

describe('what SNS decides about an SMS', () => {
  it('is in the two groups that SNS names, for a day, under a key of their own', () => {
    const names = groups.map(([, { LogGroupName }]) => JSON.stringify(LogGroupName));
    const group = '"sns/eu-central-1/",{"Ref":"AWS::AccountId"},"/DirectPublishToPhoneNumber';
    expect(names).toEqual([
      expect.stringContaining(`${group}"`),
      expect.stringContaining(`${group}/Failure"`),
    ]);
    for (const [, { RetentionInDays, KmsKeyId }] of groups) {
      expect(RetentionInDays).toBe(1);
      expect(target(KmsKeyId)).toMatch(/^SmsLogKey/);
    }
    const [, key] =
      [...resourcesOf(template, 'AWS::KMS::Key')].find(([id]) => id.startsWith('SmsLogKey')) ?? [];
    const statements: { Principal: object; Condition?: object }[] = key?.['KeyPolicy'].Statement ?? [];
    const ofLogs = statements.filter(({ Principal }) => JSON.stringify(Principal).includes('logs.'));
    expect(JSON.stringify(ofLogs.map(({ Condition }) => Condition))).toContain(
      'DirectPublishToPhoneNumber/Failure',
    );
  });

  it('goes to one function, which the groups alone may call', () => {
    const filters = [...resourcesOf(template, 'AWS::Logs::SubscriptionFilter').values()];
    expect(filters.map(({ LogGroupName }) => target(LogGroupName))).toEqual(groups.map(([id]) => id));
    for (const { DestinationArn, FilterPattern } of filters) {
      expect(functionName(target(DestinationArn))).toBe('sms-status');
      expect(FilterPattern).toBe('{ $.notification.messageId = "*" }');
    }
    const callers = [...resourcesOf(template, 'AWS::Lambda::Permission').values()].filter(
      ({ FunctionName }) => functionName(target(FunctionName)) === 'sms-status',
    );
    expect(callers.map(({ Principal, SourceArn }) => [Principal, target(SourceArn)])).toEqual(
      groups.map(([id]) => ['logs.amazonaws.com', id]),
    );
  });

  it('is written by SNS alone, for this account, into these groups', () => {
    const [id, role] =
      [...resourcesOf(template, 'AWS::IAM::Role')].find(([each]) => each.startsWith('SmsLogWriter')) ?? [];
    expect(role?.['AssumeRolePolicyDocument'].Statement).toEqual([
      {
        Action: 'sts:AssumeRole',
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ]);
    expect(target(template.findOutputs('SmsStatusRoleArn')['SmsStatusRoleArn']?.['Value'])).toBe(id);
  });

  it('is not there where the stage does not ask for it', () => {
    const without = templateOf();
    expect(resourcesOf(without, 'AWS::Logs::SubscriptionFilter').size).toBe(0);
    expect([...resourcesOf(without, 'AWS::Lambda::Function').keys()].map(functionName)).not.toContain(
      'sms-status',
    );
  });
});
