/** The person that a recovery was started for. */
import type { NamePorts, Person } from '../names/person.ts';
import { blankRecord } from '../user-record/user-record.ts';
import type { Recovery } from './recovery.ts';

/** One DynamoDB request: the name was looked up when the recovery started, and counts again at its end. */
export async function personOf(
  { person: key, userId: name }: Recovery,
  { users }: Pick<NamePorts, 'users'>,
): Promise<Person> {
  return { key, name, record: (await users.read(key)) ?? blankRecord(key) };
}
