/** Which limit binds first: AWS's quotas as they come, and the product's own, each as a rate of sign-ins. */
import { callsAtOnce, codeQueues, paceOf } from '../../infra/configuration/paces.ts';
import type { Stage } from '../../infra/configuration/stage.ts';
import { throttleOf } from '../../infra/construct/throttles.ts';
import type { Policy } from '../../shared/domain/policy/policy.ts';
import type { Flow } from './flows.ts';

export interface Limit {
  readonly what: string;
  readonly value: string;
  /** Sign-ins a second that it lets through, all day long. */
  readonly perSecond: number;
  /** How to raise it. */
  readonly raise: string;
}

const day = 86_400;
const support = 'ask AWS';

/** @param stage whose fields stand for the defaults where it says nothing */
export function limitsOf(policy: Policy, all: readonly Flow[], stage: Stage): readonly Limit[] {
  const limits = [...quotasOfAws(all), ...limitsOfPolicy(policy, stage), ...limitsOfStage(stage)];
  return limits.toSorted((one, other) => one.perSecond - other.perSecond);
}

function quotasOfAws(all: readonly Flow[]): readonly Limit[] {
  const sms = all.find(({ name }) => name === 'SMS')?.consumed.writes ?? 1;
  return [
    { what: 'SES, sandbox', value: '200 emails a day', perSecond: 200 / day, raise: 'runbook' },
    {
      what: 'SES, a new account out of it',
      value: '50,000 emails a day',
      perSecond: 50_000 / day,
      raise: support,
    },
    { what: 'SES, the same', value: '14 emails a second', perSecond: 14, raise: support },
    { what: 'SNS, SMS', value: '20 a second', perSecond: 20, raise: support },
    { what: 'Connect', value: '10 calls at once, of 40 seconds', perSecond: 10 / 40, raise: 'runbook' },
    { what: 'Connect, the same', value: '2 calls begun a second', perSecond: 2, raise: 'runbook' },
    {
      what: 'Lambda, a new account',
      value: '10 functions at once, 0.35 s a sign-in',
      perSecond: 10 / 0.35,
      raise: support,
    },
    { what: 'Cognito', value: '150 tokens a second, one each', perSecond: 150, raise: 'keep tokens' },
    { what: 'KMS', value: '1,000 RSA signatures a second', perSecond: 1_000, raise: support },
    {
      what: 'DynamoDB, a new table',
      value: '4,000 write units a second',
      perSecond: 4_000 / sms,
      raise: 'it grows by itself',
    },
  ];
}

function limitsOfPolicy({ sends }: Policy, { sms: { maxPriceUsd } }: Stage): readonly Limit[] {
  const { perCountryPerDay, perClientPerHour, perPrefixPerHour, dailyCeilingPerChannel } = sends;
  const { dailyBudgetUsdPerChannel: budget } = sends;
  const field = (name: string) => `\`policy.sends.${name}\``;
  return [
    {
      what: 'a country, by SMS and call',
      value: `${count(perCountryPerDay)} messages a day`,
      perSecond: perCountryPerDay / day,
      raise: field('perCountryPerDay'),
    },
    {
      what: "a day's money, by SMS",
      value: `${count(budget)} USD a day, ${maxPriceUsd} each`,
      perSecond: budget / maxPriceUsd / day,
      raise: field('dailyBudgetUsdPerChannel'),
    },
    {
      what: 'a block of 1,000 numbers',
      value: `${count(perPrefixPerHour)} messages an hour`,
      perSecond: perPrefixPerHour / 3_600,
      raise: field('perPrefixPerHour'),
    },
    {
      what: 'a client',
      value: `${count(perClientPerHour)} messages an hour`,
      perSecond: perClientPerHour / 3_600,
      raise: field('perClientPerHour'),
    },
    {
      what: 'a channel',
      value: `${count(dailyCeilingPerChannel)} messages a day`,
      perSecond: dailyCeilingPerChannel / day,
      raise: field('dailyCeilingPerChannel'),
    },
  ];
}

function limitsOfStage({ delivery, api, open, windows }: Stage): readonly Limit[] {
  const paced = codeQueues.map((queue): Limit => {
    const { perSecond } = paceOf(queue, delivery);
    const value = `${count(perSecond)} messages a second`;
    return { what: `the pace of ${queue}`, value, perSecond, raise: `\`delivery.${queue}.perSecond\`` };
  });
  const lines = callsAtOnce(delivery);
  const throttled = (
    [
      ['api', 'a route of the API', api, ''],
      ['open', 'a route of the sign-in page', open, ', three a sign-in'],
      ['windows', 'a route of logon screens', windows, ', three a sign-in'],
    ] as const
  ).map(([which, what, given, each]): Limit => {
    const { requestsPerSecond } = throttleOf(which, given);
    const value = `${count(requestsPerSecond)} requests a second${each}`;
    const perSecond = requestsPerSecond / (each === '' ? 1 : 3);
    return { what, value, perSecond, raise: `\`${which}.requestsPerSecond\`` };
  });
  return [
    ...paced,
    {
      what: 'open calls',
      value: `${count(lines)} at once, a minute each`,
      perSecond: lines / 60,
      raise: '`delivery.call.atOnce`',
    },
    ...throttled,
  ];
}

const count = (value: number): string => value.toLocaleString('en-US');
