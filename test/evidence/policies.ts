/** Policies of measured stacks. Their other limits are out of the way, so that the measured one is what holds. */
import { readFileSync } from 'node:fs';

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

/** The same with a stop after the ten attempts of one challenge, which no time ends: locked people stay locked. */
export const earlyStop = { ...ownLimitsOnly, otp: { attempts: 10 }, lockout: { attemptsBeforeStop: 10 } };
