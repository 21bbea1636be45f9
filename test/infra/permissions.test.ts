/** What the role of each function may do, action by action and item by item. */
import { describe, expect, it } from 'vitest';
import { functionEnvironment } from '../../shared/environment/variables.ts';
import {
  directory,
  functionName,
  type Properties,
  resourcesOf,
  smsStatus,
  target,
  templateOf,
  voice,
  windows,
} from './template.ts';

const template = templateOf({ voice, windows, directory, ...smsStatus });

/** Statements by function, those for its own log group apart. */
const statements = new Map(
  [...resourcesOf(template, 'AWS::IAM::Policy').values()].map((policy): [string, Properties[]] => [
    functionName(target(policy['Roles'][0])),
    policy['PolicyDocument'].Statement.filter(
      ({ Action }: Properties) => !String(Action).startsWith('logs:'),
    ),
  ]),
);
const all = [...statements.values()].flat();
const actionsOf = (name: string) => [
  ...new Set((statements.get(name) ?? []).flatMap(({ Action }) => Action as string | string[]).sort()),
];

const resume = ['states:SendTaskSuccess', 'states:SendTaskFailure'];
const tableKey = [
  ...['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'],
  ...['kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
];
const table = ['dynamodb:GetItem', 'dynamodb:UpdateItem', ...tableKey, 'kms:GenerateMac'];

const namesOf = (kinds: readonly string[]) => kinds.map((kind) => `${kind}#*`);

describe('what each function may do', () => {
  it.each([
    ['issue-otp', [...table, ...resume, 'dynamodb:PutItem', 'sqs:SendMessage']],
    ['verify-otp', [...table, ...resume, 'dynamodb:PutItem', 'kms:Sign', 'sqs:SendMessage']],
    ['kba-check', [...table, ...resume, 'dynamodb:PutItem', 'kms:Sign', 'sqs:SendMessage']],
    [
      'recovery',
      [...table, ...resume, 'dynamodb:PutItem', 'kms:Sign', 'sqs:SendMessage', 'states:StartExecution'],
    ],
    ['windows', [...table, ...resume, 'dynamodb:PutItem', 'sqs:SendMessage', 'states:StartExecution']],
    ['generate-backup-code', [...table, 'sqs:SendMessage']],
    ['scim', [...table, 'dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:Query', 'sqs:SendMessage']],
    ['users', [...table, 'dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:Query', 'sqs:SendMessage']],
    // Reads certificates, and may neither sign nor compute with a pepper.
    ['policy', ['dynamodb:GetItem', ...tableKey, 'kms:GetPublicKey']],
    ['oidc', [...table, 'dynamodb:PutItem', 'kms:GetPublicKey', 'kms:Sign']],
    [
      'sign-in',
      [...table, ...resume, 'dynamodb:PutItem', 'kms:Sign', 'sqs:SendMessage', 'states:StartExecution'],
    ],
    ['speak-otp', table.filter((action) => action !== 'dynamodb:UpdateItem')],
    ['sms-status', ['sqs:SendMessage']],
    [
      'deliver',
      [
        ...table,
        ...['connect:StartOutboundVoiceContact', 'ses:SendEmail', 'sns:Publish', 'sqs:SendMessage'],
        ...['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
        ...['sqs:GetQueueUrl', 'sqs:ReceiveMessage'],
      ],
    ],
  ])('%s has these actions and no other', (name, actions) => {
    expect(actionsOf(name)).toEqual(actions.toSorted());
  });

  it.each([
    ['issue-otp', ['user', 'destination', 'recovery'], ['name', 'restrictions']],
    ['verify-otp', ['user', 'recovery'], ['name', 'restrictions']],
    ['kba-check', ['user', 'recovery'], ['name', 'restrictions']],
    ['recovery', ['recovery', 'user', 'destination'], ['name', 'restrictions']],
    ['generate-backup-code', ['user', 'destination'], ['name', 'restrictions']],
    ['users', ['user', 'name', 'destination', 'restrictions'], ['name']],
    ['windows', ['user', 'destination', 'recovery', 'dialogue'], ['name', 'restrictions']],
    [
      'sign-in',
      ['user', 'destination', 'recovery', 'sign-in', 'pushed-request', 'authorization-code', 'used-once'],
      ['name', 'restrictions', 'breaker'],
    ],
    ['scim', ['user', 'name'], ['name']],
    ['oidc', ['pushed-request', 'authorization-code', 'used-once', 'certificate'], []],
    ['policy', [], ['certificate']],
    ['speak-otp', [], ['user']],
    ['deliver', ['user', 'destination', 'quota', 'outcomes', 'breaker', 'sms'], []],
    ['sms-status', [], []],
  ])(
    'function that writes what it should not: %s reads and writes items of its own kinds, and none without a key',
    (name, written, others) => {
      const atItems = (statements.get(name) ?? [])
        .map(({ Action, Condition }) => ({ actions: [Action].flat(), Condition }))
        .filter(({ actions }) => actions.some((each) => /^dynamodb:(?!Query$)/.test(each)));
      const conditionOf = (kinds: readonly string[]) => ({
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': namesOf(kinds) },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      });
      const isWriting = (actions: readonly string[]) => actions.includes('dynamodb:UpdateItem');
      const conditions = (writing: boolean) =>
        atItems.filter(({ actions }) => isWriting(actions) === writing).map(({ Condition }) => Condition);
      expect(conditions(true)).toEqual(written.length > 0 ? [conditionOf(written)] : []);
      expect(conditions(false)).toEqual(others.length > 0 ? [conditionOf(others)] : []);
    },
  );

  it('to read many items at once is the list of people alone, by its index', () => {
    const many = all.filter(({ Action }) =>
      [Action].flat().some((action) => /^dynamodb:(?:Query|Scan|Batch|Transact|PartiQL)/.test(action)),
    );
    // Of users and of scim, which both list people.
    expect(many.map(({ Action }) => Action)).toEqual(['dynamodb:Query', 'dynamodb:Query']);
    for (const { Resource } of many) expect(JSON.stringify(Resource)).toContain('/index/users');
  });

  it('is never written with a wildcard', () => {
    const written = all.flatMap(({ Action }) => Action as string | string[]);
    expect(written.filter((action) => action.includes('*'))).toEqual([]);
  });

  it('is on everything for email alone, whose sender is the bound', () => {
    expect(all.filter(({ Resource }) => [Resource].flat().includes('*'))).toEqual([
      {
        Action: 'ses:SendEmail',
        Effect: 'Allow',
        Resource: '*',
        Condition: { StringEquals: { 'ses:FromAddress': 'no-reply@example.com' } },
      },
    ]);
  });

  it('names the resource, but for phone numbers, which have none: there topics are excluded', () => {
    const open = all.filter(({ Resource }) => Resource === undefined);
    expect(open).toEqual([{ Action: 'sns:Publish', Effect: 'Allow', NotResource: 'arn:aws:sns:*:*:*' }]);
  });

  it.each([
    [
      'a pepper',
      /Pepper/,
      Object.keys(functionEnvironment).filter((name) => !['policy', 'sms-status'].includes(name)),
    ],
    ['the key of states', /State/, ['verify-otp', 'kba-check', 'recovery', 'windows', 'sign-in']],
  ])(
    'to compute with %s is named in the policy of its key, which refuses everybody else',
    (_, key, names) => {
      const roles = [...resourcesOf(template, 'AWS::IAM::Policy').values()]
        .filter(({ PolicyDocument }) =>
          PolicyDocument.Statement.some(
            ({ Action, Resource }: Properties) =>
              Action === 'kms:GenerateMac' && [Resource].flat().some((each) => key.test(target(each))),
          ),
        )
        .map((policy) => target(policy['Roles'][0]));
      expect(roles.map(functionName).toSorted()).toEqual(names.toSorted());
      const keys = [...resourcesOf(template, 'AWS::KMS::Key')].filter(
        ([id, { KeyUsage }]) => KeyUsage === 'GENERATE_VERIFY_MAC' && key.test(id),
      );
      expect(keys.length).toBe(1);
      for (const [, { KeyPolicy }] of keys) {
        const denied = KeyPolicy.Statement.filter(({ Effect }: Properties) => Effect === 'Deny');
        expect(denied).toEqual([
          {
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: ['kms:GenerateMac', 'kms:VerifyMac'],
            Resource: '*',
            Condition: { ArnNotEquals: { 'aws:PrincipalArn': expect.any(Array) } },
          },
        ]);
        const named: Properties[] = denied[0].Condition.ArnNotEquals['aws:PrincipalArn'];
        expect(named.map(target).sort()).toEqual(roles.sort());
      }
    },
  );

  it('uses the key of the table through DynamoDB alone, for all that DynamoDB asks for', () => {
    const using = all.filter(({ Action }) => tableKey.some((each) => [Action].flat().includes(each)));
    expect(using.length).toBe(13);
    for (const { Action, Condition } of using) {
      expect(Action.toSorted()).toEqual(tableKey);
      expect(Condition).toEqual({
        StringEquals: { 'kms:ViaService': 'dynamodb.eu-central-1.amazonaws.com' },
      });
    }
  });

  it('lets email leave from the configured address alone', () => {
    const sending = all.find(({ Action }) => Action === 'ses:SendEmail');
    expect(sending?.['Condition']).toEqual({
      StringEquals: { 'ses:FromAddress': 'no-reply@example.com' },
    });
  });

  it('names the address alone where the sender has a name, and the functions the whole', () => {
    const named = templateOf({ email: { from: 'Example Org <no-reply@münchen.de>' } });
    const address = 'no-reply@xn--mnchen-3ya.de';
    const policies = JSON.stringify([...resourcesOf(named, 'AWS::IAM::Policy')]);
    expect(policies).toContain(`"ses:FromAddress":"${address}"`);
    const functions = JSON.stringify([...resourcesOf(named, 'AWS::Lambda::Function')]);
    expect(functions).toContain(JSON.stringify(`"Example Org" <${address}>`));
  });

  it('gives each function a role of its own', () => {
    const roles = [...resourcesOf(template, 'AWS::Lambda::Function').values()].map(({ Role }) =>
      target(Role),
    );
    expect(new Set(roles).size).toBe(roles.length);
  });

  it('has no right to call where there is no voice', () => {
    const policies = resourcesOf(templateOf(), 'AWS::IAM::Policy');
    expect(JSON.stringify([...policies])).not.toContain('connect:');
  });
});
