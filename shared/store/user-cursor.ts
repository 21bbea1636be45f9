/** The cursor of a page of users: where the next page starts, as text that a client hands back. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { isUserId } from '../domain/identifiers/user-id.ts';
import { enrolledKey } from './user-item.ts';

const userKeyShape = /^user#[\w-]{22}$/;

/** The start key of a query; `undefined` for a text that `cursorAfter` cannot have made. */
export function readCursor(cursor: string): Record<string, AttributeValue> | undefined {
  try {
    const [pk, userId] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    if (typeof pk !== 'string' || typeof userId !== 'string') return undefined;
    if (!isUserId(userId) || !userKeyShape.test(pk)) return undefined;
    return { pk: { S: pk }, sk: { S: 'state' }, listKey: { S: enrolledKey }, userId: { S: userId } };
  } catch {
    return undefined;
  }
}

/** The cursor for the page after the one that ends with this item. */
export function cursorAfter({ pk, userId }: Record<string, unknown>): string {
  return Buffer.from(JSON.stringify([pk, userId])).toString('base64url');
}
