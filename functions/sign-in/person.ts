/** Who a name stands for: the record behind it, and the key that clients know the person by. */
import { locatorOf } from '../../shared/domain/identifiers/user-id.ts';
import type { UserRecord } from '../../shared/domain/user-record/user-record.ts';
import { blankRecord } from '../../shared/domain/user-record/user-record.ts';
import type { Ports } from './ports.ts';

/** Of a name that nobody has, the record that a decoy starts with. */
export async function recordOf(person: string, { users }: Pick<Ports, 'users'>): Promise<UserRecord> {
  const locator = locatorOf(person);
  return (await users.read(locator)) ?? blankRecord(locator);
}

/** `sub`: never another person's. @param userId as enrolled */
export const subjectOf = (userId: string): string => locatorOf(userId);
