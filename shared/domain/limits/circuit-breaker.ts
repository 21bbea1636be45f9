/**
 * The circuit breaker against SMS pumping, by country.
 *
 * Fraudsters who earn on messages ask for codes and never type them in. Two minutes after a message its outcome is
 * known. If too few of an hour's codes were used, the country's people are moved to email; if even fewer, nothing is
 * sent to its numbers.
 */
import { winningAttempt } from '../challenge/winning-attempt.ts';
import type { Clock } from '../clock.ts';
import { decryptContact } from '../contact/contact.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { readChallengeId } from '../identifiers/challenge-id.ts';
import { isAnonymous } from '../identifiers/client.ts';
import type { Policy } from '../policy/policy.ts';
import type { OutcomeMessage } from '../queues/messages.ts';
import { findChallenge } from '../user-record/find-challenge.ts';
import type { UserStore } from '../user-record/user-store.ts';
import { spanOf } from './quotas.ts';

export type BreakerStage = 'free' | 'email' | 'stopped';

export interface Outcomes {
  readonly known: number;
  readonly verified: number;
}

/**
 * Which breaker a message meets. Anonymous doors have one of their own in each country: what somebody asks for there
 * without a password must not stop those who showed one.
 *
 * @param client absent of a notice
 */
export const breakerOf = (country: string, client: string | undefined): string =>
  client !== undefined && isAnonymous(client) ? `${country}.anonymous` : country;

/** `breaker` is one of `breakerOf`. */
export interface BreakerStore {
  /** Eventually consistent: the breaker may take effect a moment late. */
  stage(breaker: string, now: number): Promise<BreakerStage>;
  /** Counts an outcome in one of the hour's samples, and resolves to the counts of that sample. */
  count(breaker: string, hour: string, verified: boolean, now: number): Promise<Outcomes>;
  /** Moves it to a stage; `false` if it is already there or further. Of racing calls one gets `true`. */
  trip(breaker: string, stage: 'email' | 'stopped', now: number, until: number): Promise<boolean>;
}

interface BreakerPorts {
  readonly users: UserStore;
  readonly breaker: BreakerStore;
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly policy: Policy;
}

/** Seconds from a message to its outcome: by then nearly everybody who means to type the code in has done so. */
export const outcomeAfterSeconds = 120;

export function stageFor({ known, verified }: Outcomes, rules: Policy['breaker']): BreakerStage {
  if (known < rules.minimumOutcomes) return 'free';
  const percent = (100 * verified) / known;
  if (percent < rules.stopBelowPercent) return 'stopped';
  return percent < rules.emailBelowPercent ? 'email' : 'free';
}

export interface OutcomeCounted extends Outcomes {
  readonly country: string;
  readonly breaker: string;
  /** The stage that this outcome moved the country to, if it did. */
  readonly tripped?: 'email' | 'stopped';
}

/** Counts whether a code was used, and trips the breaker if need be. `undefined` if the user has no number any more. */
export async function countOutcome(
  message: OutcomeMessage,
  { users, breaker, keyring, clock, policy }: BreakerPorts,
): Promise<OutcomeCounted | undefined> {
  const locator = readChallengeId(message.challengeId)?.locator;
  const record = locator === undefined ? undefined : await users.read(locator);
  if (record?.enrolment === undefined) return undefined;
  const country = decryptContact(record.enrolment.contact, record.locator, keyring).phone?.country;
  if (country === undefined) return undefined;
  const challenge = findChallenge(record, message.challengeKey, message.challengeId);
  const verified = challenge !== undefined && winningAttempt(challenge, keyring) !== undefined;
  const now = clock.now();
  const of = breakerOf(country, challenge?.client);
  const counted = await breaker.count(of, spanOf(now, 'hour').span, verified, now);
  const stage = stageFor(counted, policy.breaker);
  const until = now + policy.breaker.holdSeconds * 1000;
  const tripped = stage !== 'free' && (await breaker.trip(of, stage, now, until));
  return { country, breaker: of, ...counted, ...(tripped ? { tripped: stage } : {}) };
}
