/** Wrong attempts: how they are counted, and what they lead to. */
import { isDeepStrictEqual } from 'node:util';
import type { Policy } from '../../shared/domain/policy/policy.ts';
import { type Answer, exhausted, type Person, tenMinutes, type World } from './world.ts';

/** Refused for what was being judged in the same moment, and may have been right. */
export function refusalInRace(
  { now, policy, unjudged }: World,
  person: Person,
  seen: Answer,
): Answer | undefined {
  for (let more = 1; more <= unjudged; more += 1) {
    const wrong = [...person.wrong, ...Array.from({ length: more }, () => now)];
    const refusal = refusalBy(lockOf({ ...person, wrong }, now, policy));
    if (refusal && isDeepStrictEqual(refusal, seen)) return refusal;
  }
  return undefined;
}

/** How many are left, or as many less as were being judged in the same moment. */
export function leftInRace(left: number, { unjudged }: World, seen: Answer): number {
  const told = Number(seen['attemptsRemaining']);
  return told >= left - unjudged && told < left ? Math.max(0, told) : Math.max(0, left);
}

/** Every attempt that was not right, by whatever means, is in one count and in the row of its own means and client. */
export function countWrong(person: Person, means: string, now: number): void {
  person.wrong.push(now);
  person.rows[means] = (person.rows[means] ?? 0) + 1;
}

/** The product cannot tell a right proof that was refused from one that met a fault, and counts neither after all. */
export function takeBack(person: Person, proof: string, now: number, ...lists: ('wrong' | 'tries')[]): void {
  const isSame = (one: Person['inVain'][number]) => one.proof === proof && one.at > now - tenMinutes;
  const times = person.inVain.filter(isSame).map(({ at }) => at);
  person.inVain = person.inVain.filter((one) => !isSame(one));
  for (const list of lists) person[list] = person[list].filter((at) => !times.includes(at));
}

export function recent(person: Person, now: number, { lockout }: Policy): number[] {
  return person.wrong.filter((at) => at > now - lockout.windowSeconds * 1000);
}

export type Lock = 'none' | 'stop' | { readonly until: number };

export function lockOf(person: Person, now: number, policy: Policy): Lock {
  const { attemptsBeforeStop, attemptsBeforeWait, firstWaitSeconds, longestWaitSeconds } = policy.lockout;
  const inARow = Object.values(person.rows).reduce((sum, failures) => sum + failures, 0);
  if (inARow >= attemptsBeforeStop) return 'stop';
  const inWindow = recent(person, now, policy);
  const beyond = inWindow.length - attemptsBeforeWait;
  if (beyond < 0) return 'none';
  const wait = Math.min(longestWaitSeconds, firstWaitSeconds * 2 ** beyond);
  const until = (inWindow.at(-1) as number) + wait * 1000;
  return until > now ? { until } : 'none';
}

export function refusalBy(lock: Lock): Answer | undefined {
  if (lock === 'none') return undefined;
  return lock === 'stop' ? exhausted('stopped') : exhausted('wait', lock.until);
}
