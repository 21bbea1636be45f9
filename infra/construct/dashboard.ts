/** One page that shows the deployment at a glance: its alarms, and what AWS and the log count between them. */
import { Duration } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { FunctionName } from '../../shared/environment/variables.ts';
import { codeQueues } from '../configuration/paces.ts';
import type { DeliveryQueues } from './delivery.ts';
import type { FallbackFunction } from './functions.ts';
import { output } from './outputs.ts';

interface OverviewProps {
  readonly alarms: readonly cloudwatch.IAlarm[];
  readonly api: apigateway.HttpApi;
  readonly table: dynamodb.ITable;
  readonly queues: DeliveryQueues;
  readonly functions: readonly FallbackFunction[];
  /** Counts of log events. */
  readonly namespace: string;
}

/** Of 24 columns: three graphs beside each other. */
const width = 8;
const wholeWidth = 24;
const period = Duration.minutes(5);

/** At most 50 metrics: with more it is not free as one of an account's first three. */
export class Overview extends Construct {
  constructor(scope: Construct, id: string, { alarms, ...parts }: OverviewProps) {
    super(scope, id);
    const graphs = [...ofMethods(parts), ...ofCodes(parts), ...ofAnswers(parts)];
    const dashboard = new cloudwatch.Dashboard(this, 'Dashboard', {
      defaultInterval: Duration.hours(12),
      widgets: [
        [
          new cloudwatch.AlarmStatusWidget({
            title: 'Alarms',
            alarms: [...alarms],
            width: wholeWidth,
            height: Math.ceil(alarms.length / 8) + 1,
          }),
        ],
        graphs.map(({ title, left }) => new cloudwatch.GraphWidget({ title, left, width })),
      ],
    });
    output(this, 'DashboardName', {
      value: dashboard.dashboardName,
      description: 'The deployment at a glance',
    });
  }
}

interface Graph {
  readonly title: string;
  readonly left: cloudwatch.IMetric[];
}
type Parts = Omit<OverviewProps, 'alarms'>;

/** Of whichever methods and countries there are. A search takes 1,024 characters, so it names those that count. */
function ofMethods({ functions }: Parts): Graph[] {
  const found = (metric: string, by: string, counting: readonly FunctionName[], statistic = 'Sum') => {
    const counted = functions.filter(({ name }) => counting.includes(name));
    const names = counted.map(({ function: each }) => `"${each.functionName}"`).join(' OR ');
    return new cloudwatch.MathExpression({
      expression: `SEARCH('{MfaFallback,${by}} MetricName="${metric}" AND function=(${names})', '${statistic}', ${period.toSeconds()})`,
      label: metric,
      period,
    });
  };
  return [
    {
      title: 'Codes issued and verified',
      left: [
        found('issued', 'function,method', ['issue-otp', 'sign-in', 'windows']),
        found('verified', 'function,method', ['verify-otp', 'sign-in', 'windows']),
      ],
    },
    {
      title: 'Codes sent, refused and used, by country',
      left: [
        ...['sent', 'refused'].map((metric) => found(metric, 'function,method,country', ['deliver'])),
        found('verified', 'function,method,country', ['verify-otp', 'sign-in', 'windows']),
      ],
    },
    {
      title: 'Milliseconds from the request to the carrier, p99',
      left: [found('milliseconds', 'function,method', ['deliver'], 'p99')],
    },
  ];
}

function ofCodes({ queues, namespace }: Parts): Graph[] {
  const counted = (metricName: string) =>
    new cloudwatch.Metric({ namespace, metricName, statistic: 'Sum', period });
  const present = [...codeQueues, 'notice' as const].flatMap((name) => {
    const queue = queues.queues.get(name);
    return queue === undefined ? [] : [{ name, queue }];
  });
  return [
    {
      title: 'Codes by what became of them',
      left: ['sent', 'failed', 'dropped'].map((outcome) => counted(`delivery-ended-${outcome}`)),
    },
    {
      title: 'Seconds that the oldest message waits',
      left: present.map(({ name, queue }) =>
        queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period, label: name }),
      ),
    },
    {
      title: 'Wrong codes, answers and backup codes',
      left: ['code-refused', 'answers-refused', 'backup-code-refused'].map(counted),
    },
    {
      title: 'Dead letters',
      left: Array.from(queues.deadLetters, ([label, queue]) =>
        queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period, label }),
      ),
    },
  ];
}

function ofAnswers({ api, table: { tableName: TableName }, functions }: Parts): Graph[] {
  const ofTable = (metricName: string) =>
    new cloudwatch.Metric({
      namespace: 'AWS/DynamoDB',
      metricName,
      dimensionsMap: { TableName },
      statistic: 'Sum',
      period,
    });
  return [
    {
      title: 'Milliseconds of an answer',
      left: ['p50', 'p99'].map((statistic) => api.metricLatency({ statistic, period, label: statistic })),
    },
    {
      title: 'Requests, refused and failed',
      left: [
        api.metricCount({ statistic: 'Sum', period, label: 'all' }),
        api.metricClientError({ statistic: 'Sum', period, label: '4xx' }),
        api.metricServerError({ statistic: 'Sum', period, label: '5xx' }),
      ],
    },
    {
      title: 'Errors of functions',
      left: functions.map(({ function: each, name }) => each.metricErrors({ period, label: name })),
    },
    {
      title: 'Functions at a time, of the whole account',
      left: [lambda.Function.metricAllConcurrentExecutions({ statistic: 'Maximum', period })],
    },
    {
      title: 'Units of the table, and throttled requests',
      left: [
        'ConsumedReadCapacityUnits',
        'ConsumedWriteCapacityUnits',
        'ReadThrottleEvents',
        'WriteThrottleEvents',
      ].map(ofTable),
    },
  ];
}
