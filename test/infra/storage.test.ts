/** What outlives the stack: table, keys and logs. */
import { readFileSync } from 'node:fs';
import { App, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import {
  directory,
  resourcesOf,
  smsStatus,
  stackOf,
  target,
  templateOf,
  voice,
  windows,
} from './template.ts';

const template = templateOf({
  keys: { pepper: { versions: [2, 1] }, signing: { versions: [3, 4], rsa2048: [4] } },
});
const keys = resourcesOf(template, 'AWS::KMS::Key');

/** What becomes of each resource of a type when it is deleted, and when another takes its place. */
const policiesOf = (type: string) =>
  Object.values(template.findResources(type)).map((each) => [
    each['DeletionPolicy'],
    each['UpdateReplacePolicy'],
  ]);

describe('what outlives the stack', () => {
  it('does not outlive a first deployment that fails, where it would cost', () => {
    const logs = policiesOf('AWS::Logs::LogGroup');
    expect(logs).toEqual(logs.map(() => ['RetainExceptOnCreate', 'Retain']));
  });

  it('stays where deletion protection would make the roll-back fail, and costs nothing', () => {
    for (const type of ['AWS::DynamoDB::Table', 'AWS::Cognito::UserPool']) {
      expect(policiesOf(type)).toEqual([['Retain', 'Retain']]);
    }
    template.hasResourceProperties('AWS::Cognito::UserPool', { DeletionProtection: 'ACTIVE' });
  });

  it('is nothing else, whatever a stage has: a first deployment that fails leaves two things, which cost nothing', () => {
    const everything = { voice, windows, directory, ...smsStatus, rollout: 'canary' };
    const all = Object.values(
      templateOf(everything).toJSON()['Resources'] as Record<string, { Type: string }>,
    );
    const retained = all.filter((each) => 'DeletionPolicy' in each && each['DeletionPolicy'] === 'Retain');
    expect(retained.map(({ Type }) => Type).toSorted()).toEqual([
      'AWS::Cognito::UserPool',
      'AWS::DynamoDB::Table',
    ]);
  });
});

/**
 * How a restored table comes by each property: with the data, or by what the runbook says. After
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableFromBackup.html.
 */
const restoredBy: Readonly<Record<string, string | undefined>> = {
  AttributeDefinitions: undefined,
  KeySchema: undefined,
  GlobalSecondaryIndexes: undefined,
  BillingMode: undefined,
  SSESpecification: '--sse-specification-override',
  TimeToLiveSpecification: 'AttributeName=ttl',
  PointInTimeRecoverySpecification: 'PointInTimeRecoveryEnabled=true',
  DeletionProtectionEnabled: '--deletion-protection-enabled',
  WarmThroughput: '--warm-throughput',
  OnDemandThroughput: '--on-demand-throughput',
  Tags: 'aws dynamodb tag-resource --tags Key=stage',
};

it('every property of the table comes back with a restore, or the runbook gives it back', () => {
  const app = new App({ builtinCloudFormationValidation: false });
  const stack = stackOf(app, { table: { warmReads: 20_000, mostReads: 30_000 } });
  Tags.of(stack).add('stage', 'production');
  const [table = {}] = resourcesOf(Template.fromStack(stack), 'AWS::DynamoDB::Table').values();
  const runbook = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
  const [, restore = ''] = runbook.split('### Restore the table');
  for (const name of Object.keys(table)) {
    expect(Object.keys(restoredBy)).toContain(name);
    expect(restore).toContain(restoredBy[name] ?? '');
  }
});

describe('the table', () => {
  it('is warm and bounded as the stage says, and neither where it says nothing', () => {
    const [told] = resourcesOf(
      templateOf({ table: { warmReads: 20_000, warmWrites: 8_000, mostReads: 30_000, mostWrites: 10_000 } }),
      'AWS::DynamoDB::Table',
    ).values();
    expect(told).toMatchObject({
      WarmThroughput: { ReadUnitsPerSecond: 20_000, WriteUnitsPerSecond: 8_000 },
      OnDemandThroughput: { MaxReadRequestUnits: 30_000, MaxWriteRequestUnits: 10_000 },
    });
    const [usual] = resourcesOf(template, 'AWS::DynamoDB::Table').values();
    expect(usual).not.toHaveProperty('WarmThroughput');
    expect(usual).not.toHaveProperty('OnDemandThroughput');
  });

  const [table] = resourcesOf(template, 'AWS::DynamoDB::Table').values();

  it('expires, can be restored, cannot be deleted, and is encrypted with a key of its own', () => {
    expect(table).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: true,
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
    });
    expect(target(table?.['SSESpecification'].KMSMasterKeyId)).toMatch(/Storage/);
    template.hasResource('AWS::DynamoDB::Table', { DeletionPolicy: 'Retain' });
  });

  it('lists users by an index that holds nothing of a sign-in: contacts, encrypted under digests, and who is enabled', () => {
    expect(table?.['GlobalSecondaryIndexes']).toEqual([
      {
        IndexName: 'users',
        KeySchema: [
          { AttributeName: 'listKey', KeyType: 'HASH' },
          { AttributeName: 'userId', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['contact', 'enabled'] },
      },
    ]);
  });
});

describe('keys', () => {
  it('have one version each for every number in the configuration', () => {
    const made = [...keys.values()].map(({ KeySpec = 'SYMMETRIC', KeyUsage }) => [KeySpec, KeyUsage]);
    expect(made.filter(([, usage]) => usage !== undefined)).toEqual([
      ['HMAC_256', 'GENERATE_VERIFY_MAC'], // two peppers
      ['HMAC_256', 'GENERATE_VERIFY_MAC'],
      ['HMAC_256', 'GENERATE_VERIFY_MAC'], // of states
      ['RSA_3072', 'SIGN_VERIFY'],
      ['RSA_2048', 'SIGN_VERIFY'],
    ]);
  });

  it('outlive the stack: without them nothing that is stored can be read', () => {
    const policies = policiesOf('AWS::KMS::Key');
    expect(policies).toEqual(policies.map(() => ['RetainExceptOnCreate', 'Retain']));
  });

  it('let CloudWatch Logs in for log groups of this account only', () => {
    const statements = [...keys.values()].flatMap(({ KeyPolicy }) => KeyPolicy.Statement);
    const logs = statements.filter(({ Principal }) => JSON.stringify(Principal).includes('logs.'));
    expect(logs).toHaveLength(1);
    expect(JSON.stringify(logs[0].Condition)).toMatch(/logs:arn.*arn:aws:logs:eu-central-1:.*log-group:\*/);
  });
});
