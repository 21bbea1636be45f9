/** Alarms of the template: what they watch, and that the runbook has a section for each. */
import { describe, expect, it } from 'vitest';
import { countedEvents, metricNameOf, runbookAnchors } from '../../../infra/construct/counted-events.ts';
import {
  directory,
  type Properties,
  resourcesOf,
  smsStatus,
  target,
  templateOf,
  voice,
  windows,
} from '../template.ts';

const template = templateOf({
  voice,
  windows,
  directory,
  ...smsStatus,
  alarms: { email: 'ops@example.com', smsMonthlyUsd: 400 },
});
const alarms = [...resourcesOf(template, 'AWS::CloudWatch::Alarm')];
const anchorOf = (description: string) => /docs\/runbook\.md#([a-z-]+)$/.exec(description)?.[1];

describe('alarms', () => {
  it.each(alarms)(
    '%s says what happened, where the runbook speaks of it, and tells the topic',
    (_, alarm) => {
      expect(runbookAnchors).toContain(anchorOf(alarm['AlarmDescription']));
      const [topic] = resourcesOf(template, 'AWS::SNS::Topic').keys();
      expect(alarm['AlarmActions'].map(target)).toEqual([topic]);
    },
  );

  it('leave no section of the runbook without an alarm', () => {
    const rule = [...resourcesOf(template, 'AWS::Events::Rule').values()].flatMap(({ Targets }) => Targets);
    const said = rule.map(({ InputTransformer }) => JSON.parse(InputTransformer.InputTemplate));
    const used = [...alarms.map(([, { AlarmDescription }]) => AlarmDescription), ...said].map(anchorOf);
    expect([...new Set(used)].sort()).toEqual([...runbookAnchors].sort());
  });

  it('watch every dead-letter queue from the first message on', () => {
    const watched = alarms.filter(
      ([, { MetricName }]) => MetricName === 'ApproximateNumberOfMessagesVisible',
    );
    const dead = [...resourcesOf(template, 'AWS::SQS::Queue').keys()].filter((id) => id.includes('dead'));
    expect(watched.map(([, alarm]) => target(alarm['Dimensions'][0].Value)).sort()).toEqual(dead.sort());
    expect(watched.every(([, { Threshold }]) => Threshold === 0)).toBe(true);
  });

  it('watch how long a code waits, by each method', () => {
    const watched = alarms.filter(([, { MetricName }]) => MetricName === 'ApproximateAgeOfOldestMessage');
    expect(watched).toHaveLength(3);
    for (const [, alarm] of watched)
      expect(alarm).toMatchObject({ Threshold: 60, Period: 60, EvaluationPeriods: 3, Statistic: 'Maximum' });
  });

  it('watch errors and throttles of every function', () => {
    const functions = [...resourcesOf(template, 'AWS::Lambda::Function').keys()].sort();
    for (const metric of ['Errors', 'Throttles']) {
      const watched = alarms.filter(([, { MetricName }]) => MetricName === metric);
      expect(watched.map(([, alarm]) => target(alarm['Dimensions'][0].Value)).sort()).toEqual(functions);
    }
  });

  it('watch what AWS counts: reputation, spend, throttles, slow answers, and the share of codes that fail', () => {
    const found = (id: string) => alarms.find(([each]) => each.startsWith(`Alarms${id}`))?.[1];
    expect(found('Bounces')).toMatchObject({ MetricName: 'Reputation.BounceRate', Threshold: 0.05 });
    expect(found('Complaints')).toMatchObject({ MetricName: 'Reputation.ComplaintRate', Threshold: 0.001 });
    expect(found('SmsSpend')).toMatchObject({ MetricName: 'SMSMonthToDateSpentUSD', Threshold: 400 });
    expect(found('SlowAnswers')).toMatchObject({
      MetricName: 'Latency',
      ExtendedStatistic: 'p99',
      Threshold: 3_000,
      EvaluationPeriods: 3,
    });
    expect(JSON.stringify(found('TableThrottled')?.['Metrics'])).toContain('WriteThrottleEvents');
    const share = JSON.stringify(found('FailedShare')?.['Metrics']);
    const counted = [...resourcesOf(template, 'AWS::Logs::MetricFilter').values()].map(
      ({ MetricTransformations: [{ MetricName }] }) => MetricName,
    );
    for (const name of ['delivery-ended-failed', 'delivery-ended-sent']) {
      expect(share).toContain(name);
      expect(counted).toContain(name);
    }
  });

  it('watch what API Gateway refuses before a function is asked: throttled requests, tokens that it does not take', () => {
    const filters = [...resourcesOf(template, 'AWS::Logs::MetricFilter').values()];
    const [found, ...more] = filters.filter(({ LogGroupName }) =>
      target(LogGroupName).startsWith('ApiAccessLog'),
    );
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      FilterPattern: '{ ($.status = "4*") && ($.integrationMilliseconds = "-") }',
      MetricTransformations: [
        { MetricNamespace: 'MfaFallback/production', MetricName: 'refused-by-gateway' },
      ],
    });
    const [stage] = resourcesOf(template, 'AWS::ApiGatewayV2::Stage').values();
    expect(JSON.parse(stage?.['AccessLogSettings'].Format)).toMatchObject({
      status: '$context.status',
      integrationMilliseconds: '$context.integrationLatency',
    });
    const alarm = alarms.find(([, { MetricName }]) => MetricName === 'refused-by-gateway')?.[1];
    expect(alarm).toMatchObject({ Namespace: 'MfaFallback/production', Statistic: 'Sum', Threshold: 100 });
  });

  it('count what SNS did not bring only where the stage hears of it', () => {
    const counting = (from: typeof template) =>
      [...resourcesOf(from, 'AWS::CloudWatch::Alarm').values()].filter(
        ({ MetricName }) => MetricName === 'sms-status-not-delivered',
      ).length;
    expect([counting(template), counting(templateOf())]).toEqual([1, 0]);
  });

  it('name no sum of money where the stage names none', () => {
    const ids = [...resourcesOf(templateOf(), 'AWS::CloudWatch::Alarm').keys()];
    expect(ids.filter((id) => id.includes('SmsSpend'))).toEqual([]);
  });

  it('count each log event where it is logged, apart for every stage', () => {
    const filters = [...resourcesOf(template, 'AWS::Logs::MetricFilter').values()];
    for (const counted of countedEvents) {
      const { event, where, in: names } = counted;
      const ofEvent = `$.event = "${event}"`;
      const value = where?.is === undefined ? `!= "${where?.isNot}"` : `= "${where.is}"`;
      const pattern = where ? `{ (${ofEvent}) && ($.${where.field} ${value}) }` : `{ ${ofEvent} }`;
      const counting = filters.filter(({ FilterPattern }) => FilterPattern === pattern);
      expect(counting.map(({ LogGroupName }) => target(LogGroupName).replace(/Logs.*/, '')).sort()).toEqual(
        [...new Set(names.map((name) => name.replaceAll('-', '')))].sort(),
      );
      for (const { MetricTransformations } of counting) {
        expect(MetricTransformations[0]).toMatchObject({
          MetricNamespace: 'MfaFallback/production',
          MetricName: metricNameOf(counted),
        });
      }
    }
  });

  it('count changes of addresses for each connection of the directory, over an hour', () => {
    const connections = [
      { ...directory.connections[0], name: 'entra', userNameEndings: ['@a.example'] },
      {
        ...directory.connections[0],
        name: 'okta',
        tokenSha256: '1'.repeat(64),
        userNameEndings: ['@b.example'],
      },
    ];
    const several = resourcesOf(templateOf({ directory: { connections } }), 'AWS::CloudWatch::Alarm');
    const found = [...several.values()].filter(
      ({ MetricName }) => MetricName === 'directory-address-changed',
    );
    const of = (client: string) => ({
      Dimensions: [{ Name: 'client', Value: client }],
      Period: 3600,
      Threshold: 200,
    });
    expect(found).toMatchObject([of('scim:entra'), of('scim:okta')]);
    const filters = [...resourcesOf(template, 'AWS::Logs::MetricFilter').values()];
    const transformations = filters.flatMap(({ MetricTransformations }) => MetricTransformations);
    expect(
      transformations.find(({ MetricName }) => MetricName === 'directory-address-changed'),
    ).toMatchObject({ Dimensions: [{ Key: 'client', Value: '$.client' }] });
  });

  it('are raised at once when any key of the stack is switched off or on its way to deletion', () => {
    const [rule] = resourcesOf(template, 'AWS::Events::Rule').values();
    const { detail } = rule?.['EventPattern'] ?? {};
    expect(detail.eventName).toEqual(['DisableKey', 'ScheduleKeyDeletion']);
    const keys = [...resourcesOf(template, 'AWS::KMS::Key').keys()];
    expect(keys.length).toBeGreaterThan(3);
    expect(detail.resources.ARN.map(target).sort()).toEqual(keys.sort());
    const [topic] = resourcesOf(template, 'AWS::SNS::Topic').keys();
    expect(rule?.['Targets'].map(({ Arn }: Properties) => target(Arn))).toEqual([topic]);
    expect(rule?.['Targets'][0].InputTransformer).toEqual({
      InputPathsMap: {
        'detail-eventName': '$.detail.eventName',
        'detail-resources-0--ARN': '$.detail.resources[0].ARN',
        'detail-userIdentity-arn': '$.detail.userIdentity.arn',
      },
      InputTemplate:
        '"MFA fallback production: <detail-eventName> of <detail-resources-0--ARN> by <detail-userIdentity-arn>. ' +
        'What to do: docs/runbook.md#key-switched-off"',
    });
  });

  it('may publish: the topic lets EventBridge and alarms of this account in, and its key lets both encrypt', () => {
    const [policy] = resourcesOf(template, 'AWS::SNS::TopicPolicy').values();
    const [topic] = resourcesOf(template, 'AWS::SNS::Topic').values();
    const statements: Properties[] = policy?.['PolicyDocument'].Statement;
    const allowed = statements.filter(({ Effect }) => Effect === 'Allow');
    expect(allowed.map(({ Action, Principal }) => [Action, Principal])).toEqual([
      ['sns:Publish', { Service: 'cloudwatch.amazonaws.com' }],
      ['sns:Publish', { Service: 'events.amazonaws.com' }],
    ]);
    expect(JSON.stringify(allowed[0]?.['Condition'])).toBe(
      '{"ArnLike":{"aws:SourceArn":{"Fn::Join":["",["arn:aws:cloudwatch:eu-central-1:",{"Ref":"AWS::AccountId"},":alarm:*"]]}}}',
    );
    const key = resourcesOf(template, 'AWS::KMS::Key').get(target(topic?.['KmsMasterKeyId']));
    expect(key?.['KeyPolicy'].Statement).toContainEqual({
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      Effect: 'Allow',
      Principal: { Service: ['cloudwatch.amazonaws.com', 'events.amazonaws.com'] },
      Resource: '*',
    });
  });

  it('go to the address that the stage names, and to none when it names none', () => {
    template.hasResourceProperties('AWS::SNS::Subscription', { Endpoint: 'ops@example.com' });
    expect(resourcesOf(templateOf(), 'AWS::SNS::Subscription').size).toBe(0);
  });
});
