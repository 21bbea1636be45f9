/** Cursors of the list of users. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { isUserId } from '../domain/identifiers/user-id.ts';
import { enrolledKey } from './user-item.ts';

const userKeyShape = /^user#[\w-]{22}$/;

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

export function cursorAfter({ pk, userId }: Record<string, unknown>): string {
  return Buffer.from(JSON.stringify([pk, userId])).toString('base64url');
}
