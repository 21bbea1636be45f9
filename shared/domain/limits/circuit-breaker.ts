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

export interface BreakerStore {
  /** Eventually consistent: the breaker may take effect a moment late. */
  stage(country: string, now: number): Promise<BreakerStage>;
  /** Counts an outcome in one of the hour's samples, and resolves to the counts of that sample. */
  count(country: string, hour: string, verified: boolean, now: number): Promise<Outcomes>;
  /** Moves a country to a stage; `false` if it is already there or further. Of racing calls one gets `true`. */
  trip(country: string, stage: 'email' | 'stopped', now: number, until: number): Promise<boolean>;
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
  const counted = await breaker.count(country, spanOf(now, 'hour').span, verified, now);
  const stage = stageFor(counted, policy.breaker);
  const until = now + policy.breaker.holdSeconds * 1000;
  const tripped = stage !== 'free' && (await breaker.trip(country, stage, now, until));
  return { country, ...counted, ...(tripped ? { tripped: stage } : {}) };
}
