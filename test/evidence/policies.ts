/** Policies of measured stacks. Their other limits are out of the way, so that the measured one is what holds. */
import { readFileSync } from 'node:fs';
import { defaultPolicy, type Policy } from '../../shared/domain/policy/policy.ts';
import { securityQuestions } from '../e2e/recovering.ts';

const stage = JSON.parse(readFileSync(new URL('../../infra/stages/local.json', import.meta.url), 'utf8')) as {
  readonly policy: object;
};

const sends = {
  perPrefixPerHour: 1_000_000,
  perCountryPerDay: 10_000_000,
  perClientPerHour: 10_000_000,
  dailyCeilingPerChannel: 10_000_000,
  dailyBudgetUsdPerChannel: 1_000_000,
};

/** The stage `local` with quotas and a breaker that no measurement reaches: people's own limits are the real ones. */
export const ownLimitsOnly = {
  ...stage.policy,
  sends,
  breaker: { minimumOutcomes: 10_000, emailBelowPercent: 0, stopBelowPercent: 0 },
};

/**
 * The same with a stop after the ten attempts of one challenge, which no time ends: locked people stay locked. Codes
 * live for as long as they may, so that a pool of people is through before its challenges are over.
 */
export const earlyStop = {
  ...ownLimitsOnly,
  otp: { attempts: 10, lifetimeSeconds: 600 },
  lockout: { attemptsBeforeStop: 10 },
};

/** Everybody is asked for all the questions there are. */
export const uniform = { questions: securityQuestions.map(({ questionId: id }) => ({ id })) };

/** In small sizes the pace is measured where all are enrolled alike; its limits are far from what either sends. */
export const unhurried = { ...uniform, delivery: { sms: { perSecond: 8, concurrency: 2 } } };

/** With the defaults for what a deployment leaves out, group by group. */
export function wholePolicy(policy: object): Policy {
  const groups = Object.entries(policy).map(([name, value]) => [
    name,
    typeof value === 'object' ? { ...(defaultPolicy[name as keyof Policy] as object), ...value } : value,
  ]);
  return { ...defaultPolicy, ...Object.fromEntries(groups) };
}
