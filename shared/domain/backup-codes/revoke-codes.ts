/** Revoking all backup codes of a user. */
import type { Person } from '../names/person.ts';
import { type Decision, updateUser } from '../user-record/update-user.ts';
import type { BackupCodePorts } from './code-selector.ts';

export async function revokeCodes(
  { key, record: from }: Person,
  { users }: BackupCodePorts,
): Promise<'revoked' | 'not-found'> {
  const { outcome } = await updateUser(
    users,
    key,
    (record): Decision<'revoked' | 'not-found'> =>
      record.enrolment === undefined
        ? { outcome: 'not-found' }
        : { outcome: 'revoked', after: { ...record, codeBatches: {} } },
    { from },
  );
  return outcome;
}
