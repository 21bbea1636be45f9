/** Alarms on metrics that AWS keeps: reputation, spend, throttles, slow answers; and on the share of codes that fail. */
import { Duration } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';

interface Watched {
  readonly id: string;
  readonly metric: cloudwatch.IMetric;
  /** More than this is too much. */
  readonly most: number;
  readonly periods?: number;
  /** Of the runbook. */
  readonly anchor: 'codes-refused' | 'emails-bounce' | 'sms-spend' | 'table-throttled' | 'answers-slow';
  readonly what: string;
}

export interface WatchedServices {
  readonly api: apigateway.HttpApi;
  readonly table: dynamodb.ITable;
  /** US dollars a month; absent where the stage names no sum. */
  readonly smsMonthlyUsd: number | undefined;
  /** Counts of log events. */
  readonly namespace: string;
}

const milliseconds = 3_000;
/** Of the codes that ended in five minutes, where they are at least twenty. */
const failedPercent = 20;
const fewest = 20;

export function serviceAlarms({ api, table, smsMonthlyUsd, namespace }: WatchedServices): Watched[] {
  return [
    {
      id: 'FailedShare',
      metric: failedShare(namespace),
      most: failedPercent,
      anchor: 'codes-refused',
      what: `More than ${failedPercent} % of codes were not sent`,
    },
    // AWS reviews an account at 5 % and 0.1 %: https://docs.aws.amazon.com/ses/latest/dg/faqs-enforcement.html
    reputation('Bounces', 'Reputation.BounceRate', 0.05, 'More than 5 % of emails bounced'),
    reputation(
      'Complaints',
      'Reputation.ComplaintRate',
      0.001,
      'More than 0.1 % of emails were complained of',
    ),
    ...(smsMonthlyUsd === undefined ? [] : [spend(smsMonthlyUsd)]),
    {
      id: 'TableThrottled',
      metric: throttledRequests(table),
      most: 10,
      anchor: 'table-throttled',
      what: 'DynamoDB throttled more than ten requests in five minutes',
    },
    {
      id: 'SlowAnswers',
      metric: api.metricLatency({ statistic: 'p99' }),
      most: milliseconds,
      periods: 3,
      anchor: 'answers-slow',
      what: `One answer in a hundred took more than ${milliseconds / 1_000} seconds`,
    },
  ];
}

function failedShare(namespace: string): cloudwatch.MathExpression {
  const counted = (metricName: string) => new cloudwatch.Metric({ namespace, metricName, statistic: 'Sum' });
  return new cloudwatch.MathExpression({
    expression: `IF(FILL(failed, 0) + FILL(sent, 0) >= ${fewest}, 100 * FILL(failed, 0) / (FILL(failed, 0) + FILL(sent, 0)), 0)`,
    usingMetrics: { failed: counted('delivery-ended-failed'), sent: counted('delivery-ended-sent') },
    period: Duration.minutes(5),
  });
}

/** Of the whole account and region: SES counts no stage apart. */
function reputation(id: string, metricName: string, most: number, what: string): Watched {
  const period = Duration.hours(1);
  const metric = new cloudwatch.Metric({ namespace: 'AWS/SES', metricName, statistic: 'Average', period });
  return { id, metric, most, anchor: 'emails-bounce', what };
}

function spend(smsMonthlyUsd: number): Watched {
  const metric = new cloudwatch.Metric({
    namespace: 'AWS/SNS',
    metricName: 'SMSMonthToDateSpentUSD',
    statistic: 'Maximum',
    period: Duration.hours(1),
  });
  const what = `SMS have cost more than ${smsMonthlyUsd} USD this month`;
  return { id: 'SmsSpend', metric, most: smsMonthlyUsd, anchor: 'sms-spend', what };
}

function throttledRequests({ tableName: TableName }: dynamodb.ITable): cloudwatch.MathExpression {
  const of = (metricName: string) =>
    new cloudwatch.Metric({
      namespace: 'AWS/DynamoDB',
      metricName,
      statistic: 'Sum',
      dimensionsMap: { TableName },
    });
  return new cloudwatch.MathExpression({
    expression: 'FILL(reads, 0) + FILL(writes, 0)',
    usingMetrics: { reads: of('ReadThrottleEvents'), writes: of('WriteThrottleEvents') },
    period: Duration.minutes(5),
  });
}
