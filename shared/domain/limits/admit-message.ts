/** Whether a message may be sent, whoever it is for: first the country's circuit breaker, then each quota. */
import type { Keyring } from '../crypto/keyring.ts';
import type { Method, Policy } from '../policy/policy.ts';
import { type BreakerStore, stageMet } from './circuit-breaker.ts';
import { type Prices, type Quota, type QuotaName, type QuotaStore, quotasOf } from './quotas.ts';

export type AdmissionRefusal =
  | 'prefix-limit'
  | 'country-limit'
  | 'client-limit'
  | 'daily-ceiling'
  | 'country-slowed'
  | 'country-stopped';

export interface AdmissionPorts {
  readonly breaker: BreakerStore;
  readonly quotas: QuotaStore;
  readonly prices: Prices;
  readonly keyring: Keyring;
  readonly policy: Policy;
}

interface Applicant {
  readonly method: Method;
  /** The client that asked for a code; absent for a notice. */
  readonly client?: string;
  /** An important notice: it may use what is kept for these. */
  readonly isImportant: boolean;
  /** Absent for email. */
  readonly phone?: { readonly number: string; readonly country: string } | undefined;
  /** Whether the person is reached by email instead. */
  readonly hasEmail: boolean;
  readonly now: number;
}

/** A quota is used up, as opposed to the circuit breaker's refusals. */
export type QuotaRefusal = Exclude<AdmissionRefusal, 'country-slowed' | 'country-stopped'>;

const refusals: Record<QuotaName, QuotaRefusal> = {
  prefix: 'prefix-limit',
  country: 'country-limit',
  client: 'client-limit',
  channel: 'daily-ceiling',
};

const numbers: readonly string[] = [
  'prefix-limit',
  'country-limit',
  'country-slowed',
  'country-stopped',
] satisfies AdmissionRefusal[];
const quotas: readonly string[] = Object.values(refusals);

export function isQuota(reason: string): reason is QuotaRefusal {
  return quotas.includes(reason);
}

/** Whether a refusal is about the number, so that SMS and calls are refused alike. */
export function isOfNumber(reason: string): boolean {
  return numbers.includes(reason);
}

/**
 * Call it once for each message, not for its retries: it counts the message. If a quota refuses, the narrower quotas
 * before it have counted a message that is not sent.
 *
 * Costs two DynamoDB writes for an email; a read and four writes for a number, one read more while a breaker holds.
 *
 * @returns why the message may not be sent, or `undefined` if it may
 */
export function admitMessage(
  applicant: Applicant,
  ports: AdmissionPorts,
): Promise<AdmissionRefusal | undefined> {
  return refusalOf(applicant, ports, (quota) => ports.quotas.take(quota));
}

/**
 * What a message would meet that is never sent: a decoy's. It reads as often as a message writes, and counts nothing:
 * names of nobody use up nothing of people's.
 */
export function wouldAdmit(
  applicant: Applicant,
  ports: AdmissionPorts,
): Promise<AdmissionRefusal | undefined> {
  return refusalOf(applicant, ports, (quota) => ports.quotas.hasRoom(quota));
}

async function refusalOf(
  applicant: Applicant,
  { breaker, prices, keyring, policy }: AdmissionPorts,
  hasRoom: (quota: Quota) => Promise<boolean>,
): Promise<AdmissionRefusal | undefined> {
  const { client, phone, now, hasEmail } = applicant;
  const stage = phone === undefined ? 'free' : await stageMet(phone, client, now, { breaker, keyring });
  if (stage === 'stopped') return 'country-stopped';
  if (stage === 'email' && hasEmail) return 'country-slowed';
  for (const quota of quotasOf(applicant, policy, prices, keyring)) {
    if (!(await hasRoom(quota))) return refusals[quota.name];
  }
  return undefined;
}
