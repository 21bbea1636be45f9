/** Where policies of the template have a wildcard, and why. */
import { expect, it } from 'vitest';
import { type Properties, templateOf, voice } from './template.ts';

const template = templateOf({
  voice,
  email: { configurationSet: 'mfa' },
  alarms: { email: 'ops@example.com' },
});

interface Wildcard {
  readonly type: string;
  readonly effect: string;
  readonly who: string;
  readonly actions: string;
  readonly resource: string;
}

/** A statement's account, region and joins as one line. */
function flat(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(flat).join(' ');
  const object = value as Properties;
  if (object['Fn::Join'] !== undefined) return object['Fn::Join'][1].map(flat).join('');
  if (object['Ref'] !== undefined) return `<${object['Ref']}>`;
  if (object['Fn::GetAtt'] !== undefined) return `<${object['Fn::GetAtt'][0]}>`;
  return Object.values(object).map(flat).join(' ');
}

/** Every statement of every policy in the template that has a star in who, what or on what. */
const wildcards: Wildcard[] = Object.entries(
  template.toJSON()['Resources'] as Record<string, Properties>,
).flatMap(([id, { Type, Properties: properties }]) =>
  ['PolicyDocument', 'KeyPolicy', 'AssumeRolePolicyDocument', 'Policies']
    .flatMap((name) => properties?.[name]?.Statement ?? [])
    .map((statement: Properties) => ({
      type: Type as string,
      effect: statement['Effect'] as string,
      who: statement['Principal'] === undefined ? id.replace(/Role.*/, '') : flat(statement['Principal']),
      actions: flat(statement['Action']),
      resource: statement['NotResource']
        ? `not ${flat(statement['NotResource'])}`
        : flat(statement['Resource']),
    }))
    .filter((each: Wildcard) => /\*/.test(`${each.who} ${each.actions} ${each.resource}`)),
);

const allowed = wildcards.filter(({ effect }) => effect === 'Allow');
const linesOf = (type: string) =>
  allowed
    .filter((each) => each.type === type)
    .map(({ who, actions, resource }) => `${who}: ${actions} on ${resource}`)
    .sort();

it('roles have a wildcard where AWS has no name to give: log delivery, phone numbers, contacts to come, recipients', () => {
  expect(linesOf('AWS::IAM::Policy')).toEqual([
    'Recovery: logs:CreateLogDelivery logs:DeleteLogDelivery logs:DescribeLogGroups logs:DescribeResourcePolicies ' +
      'logs:GetLogDelivery logs:ListLogDeliveries logs:PutResourcePolicy logs:UpdateLogDelivery on *',
    'deliver: connect:StartOutboundVoiceContact on ' +
      `arn:aws:connect:eu-central-1:<AWS::AccountId>:instance/${voice.instanceId}/contact/*`,
    'deliver: ses:SendEmail on *',
    'deliver: sns:Publish on not arn:aws:sns:*:*:*',
  ]);
});

it('keys have one in their policies, where * is the key itself: the account, logs, alarms and events', () => {
  expect([...new Set(linesOf('AWS::KMS::Key'))]).toEqual([
    'arn:aws:iam::<AWS::AccountId>:root: kms:* on *',
    'cloudwatch.amazonaws.com events.amazonaws.com: kms:Decrypt kms:GenerateDataKey* on *',
    'logs.eu-central-1.amazonaws.com: kms:Decrypt* kms:Describe* kms:Encrypt* kms:GenerateDataKey* kms:ReEncrypt* on *',
  ]);
});

it('nothing else that is allowed has one, and nothing at all is allowed to everybody', () => {
  const types = new Set(allowed.map(({ type }) => type));
  expect([...types].sort()).toEqual(['AWS::IAM::Policy', 'AWS::KMS::Key']);
  expect(allowed.filter(({ who }) => who.includes('*'))).toEqual([]);
});

it('everybody is refused what does not come by TLS, and all but the functions to compute with the peppers', () => {
  const refused = wildcards.filter(({ effect }) => effect === 'Deny');
  expect([...new Set(refused.map(({ type, who, actions }) => `${type} ${who} ${actions}`))].sort()).toEqual([
    'AWS::KMS::Key * kms:GenerateMac kms:VerifyMac',
    'AWS::SNS::TopicPolicy * sns:Publish',
    'AWS::SQS::QueuePolicy * sqs:*',
  ]);
});
