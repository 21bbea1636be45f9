/** Pushed requests, authorization codes and used assertions in the table: an item each, encrypted where it names a person. */
import { GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { decrypt, encrypt } from '../domain/crypto/encryption.ts';
import type { Keyring } from '../domain/crypto/keyring.ts';
import {
  type AuthorizationCode,
  type AuthorizationStore,
  codeLifetimeMilliseconds,
  type PushedRequest,
  requestLifetimeMilliseconds,
} from '../domain/sign-in-session/authorization.ts';
import { fromItem, type Item, toItem } from './attributes.ts';
import {
  authorizationCodeKey,
  isValid,
  pushedRequestKey,
  type Table,
  unlessConditionFails,
  usedOnceKey,
} from './table.ts';

/** Readers compare the time themselves: the table removes expired items late. */
const keptSeconds = 3_600;

export function authorizationStore(table: Table, keyring: Keyring): AuthorizationStore {
  const { client, name: TableName } = table;
  const put = async (Key: Item, content: object, expiresAt: number) => {
    const ttl = Math.floor(expiresAt / 1000) + keptSeconds;
    const command = new PutItemCommand({
      TableName,
      Item: { ...Key, ...toItem({ ...content, ttl }) },
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    return (await unlessConditionFails(client.send(command))) !== undefined;
  };
  const get = async (Key: Item) => {
    const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
    return Item && (fromItem(Item) as { readonly content: Uint8Array; readonly used?: true });
  };
  return {
    async push(request) {
      const content = encrypt(request, `pushed request ${request.id}`, keyring);
      await put(pushedRequestKey(request.id), { content }, request.expiresAt);
    },
    async pushed(id) {
      const found = await get(pushedRequestKey(id));
      if (found === undefined) return undefined;
      const request = decrypt(found.content, `pushed request ${id}`, keyring) as PushedRequest;
      return isValid(table, request.expiresAt - requestLifetimeMilliseconds) ? request : undefined;
    },
    async keepCode(code) {
      const content = encrypt(code, `authorization code ${code.id}`, keyring);
      await put(authorizationCodeKey(code.id), { content }, code.expiresAt);
    },
    async findCode(id) {
      const found = await get(authorizationCodeKey(id));
      if (found === undefined) return undefined;
      const code = decrypt(found.content, `authorization code ${id}`, keyring) as AuthorizationCode;
      if (!isValid(table, code.expiresAt - codeLifetimeMilliseconds)) return undefined;
      return { ...code, used: found.used === true };
    },
    async useCode(id) {
      const command = new UpdateItemCommand({
        TableName,
        Key: authorizationCodeKey(id),
        UpdateExpression: 'SET #used = :true',
        ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(#used)',
        ExpressionAttributeNames: { '#used': 'used' },
        ExpressionAttributeValues: { ':true': { BOOL: true } },
      });
      return (await unlessConditionFails(client.send(command))) !== undefined;
    },
    useOnce: (what, until) => put(usedOnceKey(what), {}, until),
  };
}
