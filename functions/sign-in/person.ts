/** The person of a session: the record that its key stands for, read again. */
import type { Person } from '../../shared/domain/names/person.ts';
import type { SignInSession } from '../../shared/domain/sign-in-session/session.ts';
import { blankRecord } from '../../shared/domain/user-record/user-record.ts';
import type { Ports } from './ports.ts';

/**
 * One DynamoDB request. The key is the one that the name meant when the session was opened; that the name still means
 * this person, the verdict on a proof asks.
 */
export async function personOf(
  { person: name, key }: SignInSession,
  { users }: Pick<Ports, 'users'>,
): Promise<Person> {
  return { key, name, record: (await users.read(key)) ?? blankRecord(key) };
}
