/** What wakes somebody: each alarm with the section of the runbook that says what to do. */
import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { codeQueues } from '../configuration/paces.ts';
import { type CountedEvent, countedEvents, metricNameOf, type RunbookAnchor } from './counted-events.ts';
import { Overview } from './dashboard.ts';
import type { DeliveryQueues } from './delivery.ts';
import type { FallbackFunction } from './functions.ts';
import { KeyStates } from './key-states.ts';
import { output } from './outputs.ts';
import { serviceAlarms } from './service-alarms.ts';

const runbook = 'docs/runbook.md';

export interface AlarmsProps {
  readonly email: string | undefined;
  /** Where alarms go; one is made where there is none. Who brings it lets CloudWatch and EventBridge in. */
  readonly topic?: sns.ITopic | undefined;
  /** Of the topic that is made. */
  readonly key: kms.IKey;
  /** Without one of these nobody signs in. */
  readonly keys: readonly kms.IKey[];
  readonly functions: readonly FallbackFunction[];
  readonly queues: DeliveryQueues;
  readonly api: apigateway.HttpApi;
  /** Of the API. */
  readonly accessLog: logs.ILogGroup;
  readonly recovery: sfn.StateMachine;
  /** Names of the directory's. */
  readonly connections: readonly string[];
  readonly table: dynamodb.ITable;
  /** US dollars a month. */
  readonly smsMonthlyUsd: number | undefined;
  /** Keeps the counts of several stages in one account apart. */
  readonly stageName: string;
}

export class Alarms extends Construct {
  readonly topic: sns.ITopic;
  readonly #action: SnsAction;
  readonly #all: cloudwatch.Alarm[] = [];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { email, key, functions, queues, api, recovery, connections, stageName } = props;
    const topic = props.topic ?? this.ownTopic(key);
    this.topic = topic;
    if (email !== undefined) topic.addSubscription(new EmailSubscription(email));
    this.#action = new SnsAction(topic);
    output(this, 'AlarmTopicArn', { value: topic.topicArn, description: 'Where alarms go' });

    for (const [name, queue] of queues.deadLetters) {
      const metric = queue.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      });
      this.alarm(
        `DeadLetters-${name}`,
        metric,
        0,
        'dead-letters',
        `Messages that could not be delivered (${name})`,
      );
    }
    for (const name of codeQueues) this.watchAge(name, queues);
    for (const { function: lambda, node } of functions) {
      const name = node.id;
      this.alarm(`Errors-${name}`, lambda.metricErrors(), 0, 'function-errors', `${name} ended in an error`);
      this.alarm(
        `Throttles-${name}`,
        lambda.metricThrottles(),
        0,
        'function-throttles',
        `${name} was throttled`,
      );
    }
    this.alarm(
      'ServerErrors',
      api.metricServerError({ statistic: 'Sum' }),
      5,
      'requests-fail',
      'The API answers 5xx',
    );
    // A person who fails ends an execution in failure too; one that outlives its own time-outs is broken.
    const [failed, endless] = [recovery.metricFailed(), recovery.metricTimedOut()];
    this.alarm('RecoveriesFailed', failed, 20, 'recoveries-fail', 'More than 20 recoveries failed');
    this.alarm('RecoveriesTimedOut', endless, 0, 'recoveries-fail', 'A recovery outlived its time-outs');
    // A door that the stage does not open has no log to count in.
    const has = (names: readonly string[]) => functions.some(({ name }) => names.includes(name));
    const counted = countedEvents.filter((each) => has(each.in) && (!each.with || has([each.with])));
    const namespace = `MfaFallback/${stageName}`;
    this.watchGateway(props.accessLog, namespace);
    for (const each of counted) this.count(each, functions, namespace, connections);
    this.countSent(functions, namespace);
    for (const { id: watched, metric, most, anchor, what, periods } of serviceAlarms({ ...props, namespace }))
      this.alarm(watched, metric, most, anchor, what, periods);
    new KeyStates(this, 'KeyStates', { keys: props.keys, topic, stageName });
    new Overview(this, 'Overview', { ...props, alarms: this.#all, namespace });
  }

  private ownTopic(masterKey: kms.IKey): sns.Topic {
    const topic = new sns.Topic(this, 'Topic', { masterKey, enforceSSL: true });
    letAlarmsIn(topic);
    return topic;
  }

  /** A code lives five minutes by default: one that has waited a minute will still arrive, and the next may not. */
  private watchAge(name: 'sms' | 'email' | 'call', { queues }: DeliveryQueues): void {
    const queue = queues.get(name);
    if (queue === undefined) return;
    const metric = queue.metricApproximateAgeOfOldestMessage({
      period: Duration.minutes(1),
      statistic: 'Maximum',
    });
    this.alarm(`Age-${name}`, metric, 60, 'codes-late', `Codes wait longer than a minute (${name})`, 3);
  }

  /** What API Gateway refuses by itself: no function was asked, so the line has no time of one. */
  private watchGateway(logGroup: logs.ILogGroup, metricNamespace: string): void {
    const metricName = 'refused-by-gateway';
    new logs.MetricFilter(this, metricName, {
      logGroup,
      metricNamespace,
      metricName,
      filterPattern: logs.FilterPattern.all(
        logs.FilterPattern.stringValue('$.status', '=', '4*'),
        logs.FilterPattern.stringValue('$.integrationMilliseconds', '=', '-'),
      ),
    });
    const metric = new cloudwatch.Metric({ namespace: metricNamespace, metricName, statistic: 'Sum' });
    const what = 'API Gateway refused more than a hundred requests in five minutes';
    this.alarm('RefusedByGateway', metric, 100, 'gateway-refuses', what);
  }

  /** Wakes nobody by itself: failures are a share of it. */
  private countSent(functions: readonly FallbackFunction[], metricNamespace: string): void {
    const deliver = functions.find(({ name }) => name === 'deliver');
    if (deliver === undefined) return;
    new logs.MetricFilter(this, 'delivery-ended-sent', {
      logGroup: deliver.logGroup,
      metricNamespace,
      metricName: 'delivery-ended-sent',
      filterPattern: logs.FilterPattern.all(
        logs.FilterPattern.stringValue('$.event', '=', 'delivery-ended'),
        logs.FilterPattern.stringValue('$.outcome', '=', 'sent'),
      ),
    });
  }

  private count(
    counted: CountedEvent,
    functions: readonly FallbackFunction[],
    metricNamespace: string,
    connections: readonly string[],
  ): void {
    const { in: names, most, per, anchor } = counted;
    const name = metricNameOf(counted);
    const filterPattern = patternOf(counted);
    for (const { logGroup, node } of functions.filter((each) => names.includes(each.name))) {
      new logs.MetricFilter(this, `${name}-${node.id}`, {
        logGroup,
        metricNamespace,
        metricName: name,
        filterPattern,
        ...(per === undefined ? {} : { dimensions: { client: '$.client' } }),
      });
    }
    const metric = { namespace: metricNamespace, metricName: name, statistic: 'Sum' };
    const what = `More than ${most} log events ${name} in`;
    if (per === undefined) {
      const all = new cloudwatch.Metric(metric);
      this.alarm(`Many-${name}`, all, most, anchor, `${what} five minutes`);
      return;
    }
    for (const connection of connections) {
      const dimensionsMap = { client: `scim:${connection}` };
      const own = new cloudwatch.Metric({ ...metric, dimensionsMap, period: Duration.hours(1) });
      this.alarm(`Many-${name}-${connection}`, own, most, anchor, `${what} an hour (${connection})`);
    }
  }

  /** Those that speak against a new version of a function: it ended in errors, or the API answers 5xx. */
  againstVersionOf(name: string): cloudwatch.IAlarm[] {
    return [`Errors-${name}`, 'ServerErrors'].map((id) => this.node.findChild(id) as cloudwatch.Alarm);
  }

  private alarm(
    id: string,
    metric: cloudwatch.IMetric,
    threshold: number,
    anchor: RunbookAnchor,
    what: string,
    evaluationPeriods = 1,
  ): void {
    const alarm = new cloudwatch.Alarm(this, id, {
      metric,
      threshold,
      evaluationPeriods,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      alarmDescription: `${what}. What to do: ${runbook}#${anchor}`,
    });
    alarm.addAlarmAction(this.#action);
    this.#all.push(alarm);
  }
}

function patternOf({ event, where }: CountedEvent): logs.IFilterPattern {
  const ofEvent = logs.FilterPattern.stringValue('$.event', '=', event);
  if (where === undefined) return ofEvent;
  const { field, is, isNot = '' } = where;
  const [comparison, value] = is === undefined ? ['!=', isNot] : ['=', is];
  return logs.FilterPattern.all(ofEvent, logs.FilterPattern.stringValue(`$.${field}`, comparison, value));
}

/** A policy of its own, here the one against plain HTTP, ends the default policy, and with it what let alarms in. */
function letAlarmsIn(topic: sns.Topic): void {
  const alarms = Stack.of(topic).formatArn({
    service: 'cloudwatch',
    resource: 'alarm',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { ArnLike: { 'aws:SourceArn': alarms } },
    }),
  );
}
