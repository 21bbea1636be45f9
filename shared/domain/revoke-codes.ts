/** Revoking all backup codes of a user. */

import type { BackupCodePorts } from './backup-codes.ts';
import { type Decision, updateUser } from './update-user.ts';
import { locatorOf } from './user-id.ts';

export async function revokeCodes(
  userId: string,
  { users }: BackupCodePorts,
): Promise<'revoked' | 'not-found'> {
  const { outcome } = await updateUser(
    users,
    locatorOf(userId),
    (record): Decision<'revoked' | 'not-found'> =>
      record.enrolment === undefined
        ? { outcome: 'not-found' }
        : { outcome: 'revoked', after: { ...record, codeBatches: {} } },
  );
  return outcome;
}
