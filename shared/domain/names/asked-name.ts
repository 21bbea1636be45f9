/** The name that a challenge was asked for, as long as it still means the person. */
import { decrypt } from '../crypto/encryption.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import { answersTo, type NamePorts } from './person.ts';

/** `undefined` when the person lost the name since: what was asked about somebody is not true of somebody else. */
export function askedName(
  { name }: { readonly name: Uint8Array },
  record: UserRecord,
  ports: Pick<NamePorts, 'keyring' | 'sameNames'>,
): string | undefined {
  const asked = decrypt(name, record.locator, ports.keyring) as string;
  return answersTo(record, asked, ports) ? asked : undefined;
}
