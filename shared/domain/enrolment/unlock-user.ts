/** Unlocking a user. */
import { reconcileAttempts } from '../attempts/reconcile-attempts.ts';
import { requestRememberedMilliseconds } from '../identifiers/request-id.ts';
import { answersTo, type Person } from '../names/person.ts';
import { type Decision, updateUser } from '../user-record/update-user.ts';
import type { EnrolmentPorts } from './enrolment-ports.ts';

/** Requests of ten minutes that are remembered: more would let the record grow with every one. */
const mostUnlocks = 20;

interface UnlockRequest {
  readonly person: Person;
  readonly client: string;
  readonly operator: string;
  readonly reason: string;
  readonly request?: string | undefined;
}

/**
 * Ends waits and the lock, those of security questions too. Open challenges keep the attempts they have left. A
 * repeated request unlocks nothing that was locked since.
 */
export async function unlockUser(
  { person, operator, request }: UnlockRequest,
  ports: EnrolmentPorts,
): Promise<'unlocked' | 'not-found' | 'own-account'> {
  const { users, keyring, clock, policy } = ports;
  const { key, record: from } = person;
  if (answersTo(from, operator, ports)) return 'own-account';
  const { outcome } = await updateUser(
    users,
    key,
    (record): Decision<'unlocked' | 'not-found'> => {
      if (record.enrolment === undefined) return { outcome: 'not-found' };
      const now = clock.now();
      const recent = record.unlocks.filter(({ at }) => at > now - requestRememberedMilliseconds);
      if (recent.some((earlier) => earlier.request === request)) return { outcome: 'unlocked' };
      const reconciled = reconcileAttempts(record, keyring, now, policy.lockout);
      const unlocks = request === undefined ? recent : [...recent, { request, at: now }].slice(-mostUnlocks);
      return {
        outcome: 'unlocked',
        after: {
          ...reconciled,
          failedAttempts: [],
          consecutiveFailures: 0,
          failuresByAuthenticator: {},
          kbaTries: [],
          unlocks,
        },
      };
    },
    { from },
  );
  return outcome;
}
