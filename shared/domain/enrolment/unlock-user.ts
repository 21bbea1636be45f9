/** Unlocking a user. */
import { reconcileAttempts } from '../attempts/reconcile-attempts.ts';
import { decryptContact } from '../contact/contact.ts';
import { destinationCounter } from '../contact/profile.ts';
import { countAct } from '../help-desk/act-limits.ts';
import { type ActRefusal, authorizeAct } from '../help-desk/authorize-act.ts';
import { isOwnAccount, knownOperator, type Operator } from '../help-desk/operator.ts';
import { newRequestId, requestRememberedMilliseconds } from '../identifiers/request-id.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import type { Person } from '../names/person.ts';
import { type Decision, updateUser } from '../user-record/update-user.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import type { EnrolmentPorts } from './enrolment-ports.ts';

/** Requests of ten minutes that are remembered: more would let the record grow with every one. */
const mostUnlocks = 20;

const dayMilliseconds = 86_400_000;

export interface UnlockPorts extends EnrolmentPorts {
  readonly limiter: RateLimiter;
  /** Whether calls can be placed. */
  readonly voice: boolean;
}

interface UnlockRequest {
  readonly person: Person;
  readonly client: string;
  readonly operator: string;
  readonly isAdministrator?: boolean;
  /** As they were shown; see `authorizeAct`. */
  readonly proofs?: readonly string[] | undefined;
  readonly request?: string | undefined;
}

export type UnlockOutcome =
  /** `messages`: whether the person has a day's messages again, which an unlocking gives once a day. */
  | { readonly kind: 'unlocked'; readonly messages?: true }
  | { readonly kind: 'not-found' | 'own-account' }
  | ActRefusal
  | { readonly kind: 'rate-limited'; readonly retryAt: number };

/**
 * Ends waits and the lock, those of security questions too, and once a day gives the person the day's messages again, to
 * each of their addresses. Open challenges keep the attempts they have left. A repeated request unlocks nothing that was
 * locked since, and needs no proof again.
 */
export async function unlockUser(request: UnlockRequest, ports: UnlockPorts): Promise<UnlockOutcome> {
  const { person, operator: name, client, isAdministrator = false } = request;
  const { key, record: from } = person;
  const operator = await knownOperator({ name, client, isAdministrator }, ports);
  if (isOwnAccount(operator, person)) return { kind: 'own-account' };
  const id = request.request ?? newRequestId();
  const { outcome } = await updateUser(
    ports.users,
    key,
    (record) => decideUnlock(record, { ...request, request: id }, operator, ports),
    {
      from,
      limit: async ({ outcome, after }) =>
        outcome.kind === 'unlocked' && after !== undefined
          ? countAct(operator, id, ports.clock.now(), ports)
          : undefined,
      // Before the write: who repeats the request after a fault between the two finds nothing taken.
      audit: async ({ outcome }) => {
        if (outcome.kind === 'unlocked' && outcome.messages) await clearCounters(from, ports);
      },
    },
  );
  return outcome;
}

/** The counters of the person's addresses, at which messages of others may have been counted as well. */
async function clearCounters({ enrolment, locator }: UserRecord, { keyring, limiter }: UnlockPorts) {
  if (enrolment === undefined) return;
  const { phone, email, alternateEmail } = decryptContact(enrolment.contact, locator, keyring);
  const counters = [
    ...(phone ? [destinationCounter('phone', phone.number, keyring)] : []),
    ...[email, alternateEmail].flatMap((to) => (to ? [destinationCounter('email', to, keyring)] : [])),
  ];
  await Promise.all(counters.map((counter) => limiter.clear(counter)));
}

function decideUnlock(
  record: UserRecord,
  { proofs = [], request }: UnlockRequest & { readonly request: string },
  operator: Operator,
  ports: UnlockPorts,
): Decision<UnlockOutcome> {
  const { keyring, clock, policy } = ports;
  const { enrolment } = record;
  if (enrolment === undefined) return { outcome: { kind: 'not-found' } };
  const now = clock.now();
  const recent = record.unlocks.filter(({ at }) => at > now - requestRememberedMilliseconds);
  const isRepetition = recent.some((earlier) => earlier.request === request);
  if (isRepetition) return { outcome: { kind: 'unlocked' } };
  const reconciled = reconcileAttempts(record, keyring, now, policy.lockout);
  const allowed = authorizeAct(reconciled, enrolment, { kind: 'unlock', operator, proofs }, now, ports);
  if (allowed.kind === 'proof-required')
    return { outcome: allowed, after: { ...reconciled, helpDesk: allowed.bound } };
  if (allowed.kind !== 'allowed') return { outcome: allowed };
  const { messagesGivenBackAt = 0 } = record.helpDesk;
  const since = now - dayMilliseconds;
  const messages = messagesGivenBackAt <= since && record.sent.some(({ at }) => at > since);
  return {
    outcome: { kind: 'unlocked', ...(messages ? { messages } : {}) },
    after: {
      ...reconciled,
      failedAttempts: [],
      anonymousFailedAttempts: [],
      consecutiveFailures: 0,
      anonymousConsecutiveFailures: 0,
      failuresByAuthenticator: {},
      kbaTries: [],
      anonymousKbaTries: [],
      unlocks: [...recent, { request, at: now }].slice(-mostUnlocks),
      helpDesk: messages ? { ...allowed.state, messagesGivenBackAt: now } : allowed.state,
      sent: messages ? [] : reconciled.sent,
    },
  };
}
