/** docs/cost.md: what a sign-in and an idle month cost, and which limit binds first. */
import { peoplePerSignIn } from '../../infra/configuration/own-limits.ts';
import type { Flow } from './flows.ts';
import prices from './prices.json' with { type: 'json' };
import type { Limit } from './quotas.ts';

/** Resources of the synthesized stack that cost when nobody signs in. */
export interface Standing {
  readonly keys: number;
  readonly alarms: number;
  readonly cognitoClients: number;
  readonly queuesPolled: number;
}

const million = 1_000_000;
const functionGb = 0.5;
const logKilobytes = 5;
/** A queue that Lambda polls is asked so often in a month of nothing. */
const pollsPerQueue = 650_000;

/** USD of a million sign-ins, by service. */
function priced({ name, consumed, invocations, seconds, messages, apiRequests }: Flow) {
  const services = {
    'KMS, one signature of RSA-3072': prices.kmsSignRsa3072PerMillion,
    DynamoDB:
      consumed.writes * prices.dynamodbWritePerMillion + consumed.reads * prices.dynamodbReadPerMillion,
    'Lambda, 512 MB':
      invocations * prices.lambdaRequestPerMillion +
      seconds * functionGb * prices.lambdaArmPerGbSecond * million,
    'CloudWatch Logs': ((logKilobytes * million) / 1024 / 1024) * prices.logsPerGb,
    SQS: messages * 3 * prices.sqsPerMillion,
    'API Gateway': apiRequests * prices.httpApiPerMillion,
  };
  return { name, services, sum: Object.values(services).reduce((sum, each) => sum + each, 0) };
}

const usd = (value: number): string => `$${value.toFixed(2)}`;
const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

export function costPage(flows: readonly Flow[], standing: Standing, limits: readonly Limit[]): string {
  const all = flows.map(priced);
  const services = Object.keys(all[0]?.services ?? {}) as (keyof (typeof all)[number]['services'])[];
  return [
    '# Cost and limits',
    '',
    `Written by \`npm run cost -- --write\`, with list prices of ${prices.region} as of ${prices.asOf}`,
    '([the file](../test/cost/prices.json)). What the table consumes is counted: each flow is performed once on a local',
    `engine. Seconds of functions and ${logKilobytes} kB of logs for each sign-in are assumed. Nothing was measured on AWS.`,
    '',
    '## A million sign-ins',
    '',
    'Without the message itself. Somebody with three addresses and three questions; a name of nobody costs as much.',
    '',
    row(['', ...all.map(({ name }) => name)]),
    row(['---', ...all.map(() => '---')]),
    row(['units written and read', ...flows.map(({ consumed }) => `${consumed.writes} + ${consumed.reads}`)]),
    ...services.map((service) => row([service, ...all.map((each) => usd(each.services[service]))])),
    row(['**together**', ...all.map(({ sum }) => `**${usd(sum)}**`)]),
    '',
    `- A million emails cost ${usd(prices.sesPerThousand * 1_000)} more at SES. SMS and calls cost what the country costs, a cent to ten each,`,
    '  hundreds of times the rest; `sms.maxPriceUsd` and `policy.sends.dailyBudgetUsdPerChannel` bound them.',
    `- **A token for each sign-in** costs ${usd(prices.cognitoTokenPerThousand * 1_000)} a million at Cognito, most of the bill. Keep a token as long as it lives,`,
    '  as [the client library](client.md) does.',
    `- With \`keys.signing.rsa2048\` a million signatures cost ${usd(prices.kmsSignRsa2048PerMillion)} in place of ${usd(prices.kmsSignRsa3072PerMillion)}. 2,048 bits are worth 112 bits of security`,
    '  and not 128 (SP 800-57 part 1, table 2), which is allowed until the end of 2030.',
    '',
    '## A month in which nobody signs in',
    '',
    ...idle(standing),
    '',
    '## Which limit binds first',
    '',
    `As AWS gives them to a new account, and the product's own by default, slowest first. A company in which one of ${peoplePerSignIn}`,
    'people needs the fallback on a day may have so many people before it binds, if they come evenly all day long; if they',
    'all come within one hour of the morning, a twenty-fourth of them.',
    '',
    row(['limit', 'as it is', 'sign-ins a second', 'a day', 'people', 'how to raise it']),
    row(['---', '---', '---', '---', '---', '---']),
    ...limits.map(({ what, value, perSecond, raise }) =>
      row([
        what,
        value,
        rate(perSecond),
        whole(perSecond * 86_400),
        people(perSecond * 86_400 * peoplePerSignIn),
        raise,
      ]),
    ),
    '',
    'That SMS leave at the pace of the stage, and as fast, is [measured](evidence.md#pace) on one machine.',
    'The SMS spend limit of a new account is $1 a month: [leave the sandbox](runbook.md#leave-the-sms-sandbox) first.',
    '',
  ].join('\n');
}

function idle({ keys, alarms, cognitoClients, queuesPolled }: Standing): readonly string[] {
  const polling = (queuesPolled * pollsPerQueue * prices.sqsPerMillion) / million;
  const own = keys * prices.kmsKeyPerMonth + alarms * prices.alarmPerMonth + polling;
  const tokens = cognitoClients * prices.cognitoClientPerMonth;
  return [
    row(['', 'a month']),
    row(['---', '---']),
    row([`${keys} keys`, usd(keys * prices.kmsKeyPerMonth)]),
    row([`${alarms} alarms`, usd(alarms * prices.alarmPerMonth)]),
    row([`polling of ${queuesPolled} queues`, usd(polling)]),
    row(['**with an issuer of your own**', `**${usd(own)}**`]),
    row([`${cognitoClients} clients of Cognito`, usd(tokens)]),
    row(['**with Cognito**', `**${usd(own + tokens)}**`]),
    '',
    `Each further version of a pepper or signing key is one key more. The key of storage rotates once a year, and each`,
    `rotation costs ${usd(prices.kmsKeyPerMonth)} a month from then on. The dashboard is free as one of the first three of an account that name at`,
    `most 50 metrics, if what its searches find is not counted, and costs ${usd(prices.dashboardPerMonth)} as another.`,
    `A [metric of the log](log-events.md#metrics) costs ${usd(prices.metricPerMonth)} in a month in which it counts something: some eighteen with SMS,`,
    'email, one door and two countries. Ten metrics and ten alarms of an account are free, which is not counted here.',
    '',
    "AWS's own pages of prices:",
    ...Object.entries(prices.pages).map(
      ([name, page], at, { length }) => `[${name}](${page})${at < length - 1 ? ',' : '.'}`,
    ),
    'Where their tables show themselves to a browser alone, amounts are from guides of 2025 and 2026 that name them.',
  ];
}

const people = (value: number): string => (value > 10_000_000 ? 'any' : whole(value));
const whole = (value: number): string => Math.floor(value).toLocaleString('en-US');
const rate = (value: number): string => (value < 1 ? value.toFixed(3) : value.toFixed(1));
