/**
 * The breaker against pumping: codes that leave for a country's numbers and are never typed in.
 *
 * Whoever earns on messages asks for them and throws them away. Two minutes after a message left, its outcome is
 * known; when too few of an hour's were used, people are first moved to email, and then nothing is sent there.
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
  /** Eventually consistent: a switch may be thrown a moment late. */
  stage(country: string, now: number): Promise<BreakerStage>;
  /** Counts an outcome in a share of the hour's and tells what the share adds up to. */
  count(country: string, hour: string, verified: boolean, now: number): Promise<Outcomes>;
  /** Throws the switch until then; `false` when it is thrown as far already. */
  trip(country: string, stage: 'email' | 'stopped', now: number, until: number): Promise<boolean>;
}

interface BreakerPorts {
  readonly users: UserStore;
  readonly breaker: BreakerStore;
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly policy: Policy;
}

/** Seconds from a message to its outcome: nearly all who mean to type a code in have done so. */
export const outcomeAfterSeconds = 120;

export function stageFor({ known, verified }: Outcomes, rules: Policy['breaker']): BreakerStage {
  if (known < rules.minimumOutcomes) return 'free';
  const percent = (100 * verified) / known;
  if (percent < rules.stopBelowPercent) return 'stopped';
  return percent < rules.emailBelowPercent ? 'email' : 'free';
}

export interface OutcomeCounted extends Outcomes {
  readonly country: string;
  /** The stage that this outcome led to, if it changed anything. */
  readonly tripped?: 'email' | 'stopped';
}

/** `undefined` when the user has no number any more. */
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
