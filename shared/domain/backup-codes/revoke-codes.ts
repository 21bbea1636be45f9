/** Revoking all backup codes of a user. */
import { decryptContact } from '../contact/contact.ts';
import { isOutOfReach } from '../help-desk/authorize-act.ts';
import type { Person } from '../names/person.ts';
import { type Decision, updateUser } from '../user-record/update-user.ts';
import type { BackupCodePorts } from './code-selector.ts';

type RevokeOutcome = 'revoked' | 'not-found' | 'protected';

/** Takes away and gives nothing, so it needs no proof. Who is kept from the help desk keeps their codes. */
export async function revokeCodes(
  { key, record: from }: Person,
  by: { readonly isAdministrator: boolean },
  { users, policy, keyring }: BackupCodePorts,
): Promise<RevokeOutcome> {
  const { outcome } = await updateUser(
    users,
    key,
    (record): Decision<RevokeOutcome> => {
      if (record.enrolment === undefined) return { outcome: 'not-found' };
      const contact = decryptContact(record.enrolment.contact, record.locator, keyring);
      if (isOutOfReach(contact, by, policy)) return { outcome: 'protected' };
      return { outcome: 'revoked', after: { ...record, codeBatches: {} } };
    },
    { from },
  );
  return outcome;
}
