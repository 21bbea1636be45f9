/** Sessions of the sign-in page in the table: an encrypted item each, bound to its id and its revision. */
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { decrypt, encrypt } from '../domain/crypto/encryption.ts';
import type { Keyring } from '../domain/crypto/keyring.ts';
import {
  type SignInSession,
  type SignInSessions,
  sessionLifetimeMilliseconds,
} from '../domain/sign-in-session/session.ts';
import { fromItem, toItem } from './attributes.ts';
import { isValid, signInSessionKey, type Table, unlessConditionFails } from './table.ts';

/** Kept for an hour after its end, so that nobody can open it again by the same request. */
const keptSeconds = 3_600;

interface Kept {
  readonly revision: number;
  readonly session: Uint8Array;
}

/** Whoever can write the table cannot make a session, and so no proof: AES-GCM refuses what a function did not write. */
export function signInSessions(table: Table, keyring: Keyring): SignInSessions {
  const { client, name: TableName } = table;
  const save = async (session: SignInSession, condition: object) => {
    const { id, revision, expiresAt } = session;
    const ttl = Math.floor(expiresAt / 1000) + keptSeconds;
    const encrypted = encrypt(session, boundTo(id, revision), keyring);
    const Item = { ...signInSessionKey(id), ...toItem({ revision, session: encrypted, ttl }) };
    const put = new PutItemCommand({ TableName, Item, ...condition });
    return (await unlessConditionFails(client.send(put))) !== undefined;
  };
  return {
    async read(id) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: signInSessionKey(id), ConsistentRead: true }),
      );
      if (Item === undefined) return undefined;
      const { revision, session } = fromItem(Item) as unknown as Kept;
      const opened = decrypt(session, boundTo(id, revision), keyring) as SignInSession;
      return isValid(table, opened.expiresAt - sessionLifetimeMilliseconds) ? opened : undefined;
    },
    create: (session) => save(session, { ConditionExpression: 'attribute_not_exists(pk)' }),
    write: (before, after) =>
      save(after, {
        ConditionExpression: '#revision = :before',
        ExpressionAttributeNames: { '#revision': 'revision' },
        ExpressionAttributeValues: { ':before': { N: String(before.revision) } },
      }),
  };
}

const boundTo = (id: string, revision: number): string => `sign-in session ${id} ${revision}`;
