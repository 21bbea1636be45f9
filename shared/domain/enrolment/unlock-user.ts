/** Unlocking a user. */
import { reconcileAttempts } from '../attempts/reconcile-attempts.ts';
import { countAct } from '../help-desk/act-limits.ts';
import { type ActRefusal, authorizeAct } from '../help-desk/authorize-act.ts';
import { knownOperator, type Operator } from '../help-desk/operator.ts';
import { newRequestId, requestRememberedMilliseconds } from '../identifiers/request-id.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import type { Person } from '../names/person.ts';
import { type Decision, updateUser } from '../user-record/update-user.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import type { EnrolmentPorts } from './enrolment-ports.ts';

/** Requests of ten minutes that are remembered: more would let the record grow with every one. */
const mostUnlocks = 20;

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
  | { readonly kind: 'unlocked' | 'not-found' | 'own-account' }
  | ActRefusal
  | { readonly kind: 'rate-limited'; readonly retryAt: number };

/**
 * Ends waits and the lock, those of security questions too. Open challenges keep the attempts they have left. A
 * repeated request unlocks nothing that was locked since, and needs no proof again.
 */
export async function unlockUser(request: UnlockRequest, ports: UnlockPorts): Promise<UnlockOutcome> {
  const { person, operator: name, client, isAdministrator = false } = request;
  const { key, record: from } = person;
  const operator = await knownOperator({ name, client, isAdministrator }, ports);
  if (operator.key === key) return { kind: 'own-account' };
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
    },
  );
  return outcome;
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
  if (recent.some((earlier) => earlier.request === request)) return { outcome: { kind: 'unlocked' } };
  const reconciled = reconcileAttempts(record, keyring, now, policy.lockout);
  const allowed = authorizeAct(reconciled, enrolment, { kind: 'unlock', operator, proofs }, now, ports);
  if (allowed.kind === 'proof-required')
    return { outcome: allowed, after: { ...reconciled, helpDesk: allowed.bound } };
  if (allowed.kind !== 'allowed') return { outcome: allowed };
  return {
    outcome: { kind: 'unlocked' },
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
      helpDesk: allowed.state,
    },
  };
}
