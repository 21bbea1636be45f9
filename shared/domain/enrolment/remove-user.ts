/** Removing a user, and telling them so. */
import { reconcileAttempts } from '../attempts/reconcile-attempts.ts';
import type { CodeAudit } from '../backup-codes/code-audit.ts';
import { enqueueNotices, withNotices } from '../contact/notices.ts';
import { locatorOf } from '../identifiers/user-id.ts';
import type { Decision } from '../user-record/update-user.ts';
import { updateUser } from '../user-record/update-user.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import { closeChallenges } from './close-challenges.ts';
import type { EnrolmentPorts } from './enrolment-ports.ts';

export function endedAt(challenges: UserRecord['kbaChallenges'], now: number): UserRecord['kbaChallenges'] {
  const ended = Object.entries(challenges).map(
    ([challengeKey, challenge]) =>
      [challengeKey, { ...challenge, expiresAt: Math.min(challenge.expiresAt, now) }] as const,
  );
  return Object.fromEntries(ended);
}

function decideRemoval(
  found: UserRecord,
  { keyring, clock, policy }: EnrolmentPorts,
): Decision<'removed' | 'not-found'> {
  const now = clock.now();
  const {
    enrolment,
    securityQuestions: _,
    ...record
  } = reconcileAttempts(found, keyring, now, policy.lockout);
  if (enrolment === undefined) return { outcome: 'not-found' };
  const notices = withNotices(record, 'address-changed', [enrolment.contact], now);
  return {
    outcome: 'removed',
    after: {
      ...closeChallenges(record, ['phone', 'email', 'alternateEmail'], now, keyring),
      kbaChallenges: endedAt(record.kbaChallenges, now),
      codeBatches: {},
      uses: [],
      notices,
    },
  };
}

export async function removeUser(
  userId: string,
  ports: EnrolmentPorts & { readonly audit: CodeAudit },
): Promise<'removed' | 'not-found'> {
  const locator = locatorOf(userId);
  const { outcome, record } = await updateUser(ports.users, locator, (found) => decideRemoval(found, ports), {
    audit: () => ports.audit.forget(locator),
  });
  // Also of somebody who is removed already: the notice of that may never have been queued.
  await enqueueNotices(locator, record, ports);
  return outcome;
}
