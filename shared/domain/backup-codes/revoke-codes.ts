/** Revoking all backup codes of a user. */
import { locatorOf } from '../identifiers/user-id.ts';
import { type Decision, updateUser } from '../user-record/update-user.ts';
import type { BackupCodePorts } from './code-selector.ts';

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
