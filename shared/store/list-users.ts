/** The pages of enrolled users, read from the index. */
import { QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Enrolment } from '../domain/user-record/user-record.ts';
import type { UserPage } from '../domain/user-record/user-store.ts';
import { fromItem } from './attributes.ts';
import type { Table } from './table.ts';
import { cursorAfter, readCursor } from './user-cursor.ts';
import { enrolledKey, listIndex } from './user-item.ts';

/** Eventually consistent, as the index is. `undefined` for a cursor that no page gave. */
export async function listUsers(
  { client, name: TableName }: Table,
  limit: number,
  cursor: string | undefined,
): Promise<UserPage | undefined> {
  const start = cursor === undefined ? undefined : readCursor(cursor);
  if (cursor !== undefined && start === undefined) return undefined;
  // One more than the page needs, to know whether another page follows.
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName,
      IndexName: listIndex,
      KeyConditionExpression: '#listKey = :users',
      ExpressionAttributeNames: { '#listKey': 'listKey' },
      ExpressionAttributeValues: { ':users': { S: enrolledKey } },
      Limit: limit + 1,
      ...(start ? { ExclusiveStartKey: start } : {}),
    }),
  );
  const page = Items.slice(0, limit).map(fromItem);
  const users = page.map(({ pk, userId, contact, enabled }) => ({
    locator: String(pk).replace('user#', ''),
    enrolment: { userId, contact, enabled } as Enrolment,
  }));
  const last = Items.length > limit ? page.at(-1) : undefined;
  return { users, ...(last ? { cursor: cursorAfter(last) } : {}) };
}
