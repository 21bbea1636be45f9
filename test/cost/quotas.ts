/** Which limit binds first: AWS's quotas as they come, and the product's own, each as a rate of sign-ins. */
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

/** @param requestsPerSecond the throttle of each route */
export function limitsOf(policy: Policy, all: readonly Flow[], requestsPerSecond: number): readonly Limit[] {
  const { perCountryPerDay, perClientPerHour, perPrefixPerHour, dailyCeilingPerChannel } = policy.sends;
  const sms = all.find(({ name }) => name === 'SMS')?.consumed.writes ?? 1;
  const field = (name: string) => `\`policy.sends.${name}\``;
  const limits: readonly Limit[] = [
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
    {
      what: 'a country, by SMS and call',
      value: `${count(perCountryPerDay)} messages a day`,
      perSecond: perCountryPerDay / day,
      raise: field('perCountryPerDay'),
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
    {
      what: 'a route of the API',
      value: `${count(requestsPerSecond)} requests a second`,
      perSecond: requestsPerSecond,
      raise: '`api.requestsPerSecond`',
    },
  ];
  return limits.toSorted((one, other) => one.perSecond - other.perSecond);
}

const count = (value: number): string => value.toLocaleString('en-US');
