/**
 * The circuit breaker against SMS pumping, by country.
 *
 * Fraudsters who earn on messages ask for codes and never type them in. Two minutes after a message its outcome is
 * known. It counts people and not messages: a number has one outcome in an hour, which is good as soon as one of its
 * codes was used. If too few of an hour's numbers are good, the country's people are moved to email; if even fewer,
 * nothing is sent to its numbers. Numbers that verified within a month go on: whoever trips the breaker does not stop
 * those who use it.
 */
import { winningAttempt } from '../challenge/winning-attempt.ts';
import type { Clock } from '../clock.ts';
import { decryptContact, type Phone } from '../contact/contact.ts';
import { destinationCounter } from '../contact/profile.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { readChallengeId } from '../identifiers/challenge-id.ts';
import { isAnonymous } from '../identifiers/client.ts';
import type { Policy } from '../policy/policy.ts';
import type { OutcomeMessage } from '../queues/messages.ts';
import { findChallenge } from '../user-record/find-challenge.ts';
import type { UserStore } from '../user-record/user-store.ts';
import { spanOf } from './quotas.ts';

export type BreakerStage = 'free' | 'email' | 'stopped';

/** Numbers of an hour: how many a code went to, and how many of them used one. */
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
const breakerOf = (country: string, client: string | undefined): string =>
  client !== undefined && isAnonymous(client) ? `${country}.anonymous` : country;

/** `breaker` is what `breakerOf` names. */
export interface BreakerStore {
  /** Eventually consistent: the breaker may take effect a moment late. */
  stage(breaker: string, now: number): Promise<BreakerStage>;
  /**
   * Notes what became of a number in an hour.
   *
   * @param destination see `destinationCounter`
   * @returns what is new: the number, that it verified, both or nothing. Of racing calls each is told once.
   */
  note(breaker: string, hour: string, destination: string, verified: boolean, now: number): Promise<Outcomes>;
  /** Whether a number verified, at whatever door, after this time; eventually consistent. */
  hasVerifiedSince(destination: string, since: number): Promise<boolean>;
  /** Adds to the hour's counts, and resolves to them. */
  count(breaker: string, hour: string, more: Outcomes, now: number): Promise<Outcomes>;
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

/** For so long after it verified a number goes on while a breaker holds. */
const goesOnMilliseconds = 30 * 86_400_000;

/** The stage of a breaker as a number meets it. One DynamoDB read where it is free, two where it holds. */
export async function stageMet(
  { number, country }: Phone,
  client: string | undefined,
  now: number,
  { breaker, keyring }: Pick<BreakerPorts, 'breaker' | 'keyring'>,
): Promise<BreakerStage> {
  const stage = await breaker.stage(breakerOf(country, client), now);
  if (stage === 'free') return stage;
  const destination = destinationCounter('phone', number, keyring);
  return (await breaker.hasVerifiedSince(destination, now - goesOnMilliseconds)) ? 'free' : stage;
}

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

/**
 * Counts whether a number's code was used, and trips the breaker if need be.
 *
 * @returns `undefined` if nothing is new of the number in this hour, or it or the challenge is gone
 */
export async function countOutcome(
  message: OutcomeMessage,
  { users, breaker, keyring, clock, policy }: BreakerPorts,
): Promise<OutcomeCounted | undefined> {
  const locator = readChallengeId(message.challengeId)?.locator;
  const record = locator === undefined ? undefined : await users.read(locator);
  if (record?.enrolment === undefined) return undefined;
  const { phone } = decryptContact(record.enrolment.contact, record.locator, keyring);
  if (phone === undefined) return undefined;
  const { country, number } = phone;
  const challenge = findChallenge(record, message.challengeKey, message.challengeId);
  if (challenge === undefined) return undefined; // the outcome of the one that replaced it counts
  const verified = winningAttempt(challenge, keyring) !== undefined;
  const now = clock.now();
  const of = breakerOf(country, challenge.client);
  const { span: hour } = spanOf(now, 'hour');
  const destination = destinationCounter('phone', number, keyring);
  const news = await breaker.note(of, hour, destination, verified, now);
  if (news.known + news.verified === 0) return undefined;
  const counted = await breaker.count(of, hour, news, now);
  const stage = stageFor(counted, policy.breaker);
  const until = now + policy.breaker.holdSeconds * 1000;
  const tripped = stage !== 'free' && (await breaker.trip(of, stage, now, until));
  return { country, breaker: of, ...counted, ...(tripped ? { tripped: stage } : {}) };
}
