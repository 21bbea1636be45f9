/** Removing a user, and telling them so. */
import { reconcileAttempts } from '../attempts/reconcile-attempts.ts';
import type { CodeAudit } from '../backup-codes/code-audit.ts';
import { decryptContact } from '../contact/contact.ts';
import { enqueueNotices, withNotices } from '../contact/notices.ts';
import { nameForm } from '../names/name-form.ts';
import { formsListed } from '../names/person.ts';
import type { Decision } from '../user-record/update-user.ts';
import { updateUser } from '../user-record/update-user.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import { recordClaiming, releaseNames } from './claim-names.ts';
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
  ports: EnrolmentPorts,
): Decision<'removed' | 'not-found'> & {
  readonly released: Iterable<string>;
  readonly now: number;
  readonly isProtected?: boolean;
} {
  const { keyring, clock, policy } = ports;
  const now = clock.now();
  const {
    enrolment,
    securityQuestions: _,
    ...record
  } = reconcileAttempts(found, keyring, now, policy.lockout);
  if (enrolment === undefined) return { outcome: 'not-found', released: [], now };
  const notices = withNotices(record, 'address-changed', [enrolment.contact], now);
  return {
    outcome: 'removed',
    isProtected: decryptContact(enrolment.contact, found.locator, keyring).protected === true,
    released: formsListed(found, ports),
    now,
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
  name: string,
  ports: EnrolmentPorts & { readonly audit: CodeAudit },
): Promise<{
  readonly kind: 'removed' | 'not-found';
  readonly user?: string;
  /** A protected person is gone, and could come back without the protection. */
  readonly isProtectionTouched?: boolean;
}> {
  const form = nameForm(name, ports.sameNames);
  const from = await recordClaiming(form, ports);
  if (from === undefined) return { kind: 'not-found' };
  const { locator } = from;
  const { outcome, record, decision } = await updateUser(
    ports.users,
    locator,
    (found) => decideRemoval(found, ports),
    { from, audit: () => ports.audit.forget(locator) },
  );
  // Also of somebody who is removed already: the notice of that may never have been queued.
  await enqueueNotices(locator, record, ports);
  // Last, so that the same request finds a removal that met a fault, and tells of it.
  if (decision) await releaseNames(locator, new Set([form, ...decision.released]), decision.now, ports);
  return { kind: outcome, user: locator, isProtectionTouched: decision?.isProtected === true };
}
