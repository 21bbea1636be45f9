/** How many sign-ins a day the limits of a policy let through, beside what a company of some size needs. */
import type { Policy } from '../../shared/domain/policy/policy.ts';

/** On a day one of so many people needs the fallback: a guess, which docs/cost.md shares. */
export const peoplePerSignIn = 50;

interface OwnLimit {
  readonly field: string;
  /** In which all of a day's sign-ins fall, where they come badly. */
  readonly where: string;
  readonly perDay: number;
}

/** Of one message each. A client's hour is taken for the day, since everybody may come in one hour of the morning. */
function limitsOf({ sends }: Policy, smsUsd: number): OwnLimit[] {
  const affordable = Math.floor(sends.dailyBudgetUsdPerChannel / smsUsd);
  return [
    { field: 'perCountryPerDay', where: 'in one country', perDay: sends.perCountryPerDay },
    { field: 'dailyBudgetUsdPerChannel', where: `by SMS at ${smsUsd} USD`, perDay: affordable },
    { field: 'perClientPerHour', where: 'at one client in one hour', perDay: sends.perClientPerHour },
    { field: 'dailyCeilingPerChannel', where: 'by one method', perDay: sends.dailyCeilingPerChannel },
  ].filter(({ perDay }) => perDay >= 0); // one that is known at the deployment alone is none yet
}

export const ownLimitFields = [
  'organisation.people',
  'policy.sends.perCountryPerDay',
  'policy.sends.dailyBudgetUsdPerChannel',
  'policy.sends.perClientPerHour',
  'policy.sends.dailyCeilingPerChannel',
] as const;

/**
 * What stops a healthy deployment first.
 *
 * @param people who may need the fallback; without a number the least limit is told, whatever it is.
 * @param smsUsd what an SMS costs at most.
 */
export function ownLimitsWarning(policy: Policy, smsUsd: number, people?: number): string | undefined {
  const limits = limitsOf(policy, smsUsd).sort((one, other) => one.perDay - other.perDay);
  const [least] = limits;
  if (least === undefined) return undefined;
  if (people === undefined) {
    return (
      `policy.sends stops at ${told(least)}, which is enough for ${count(least.perDay * peoplePerSignIn)} people of ` +
      `whom one in ${peoplePerSignIn} needs the fallback. Name organisation.people to hear of it only where it is not.`
    );
  }
  const needed = Math.ceil(people / peoplePerSignIn);
  const short = limits.filter(({ perDay }) => perDay < needed);
  if (short.length === 0) return undefined;
  return (
    `policy.sends stops at ${short.map(told).join(', ')}. Of organisation.people, ${count(people)}, ` +
    `${count(needed)} need the fallback on a day, if it is one in ${peoplePerSignIn}.`
  );
}

const told = ({ field, where, perDay }: OwnLimit) => `${count(perDay)} sign-ins a day ${where} (${field})`;
const count = (value: number): string => value.toLocaleString('en-US');
