/** The users' records in the table: reading, listing, and the write that decides a race. */
import { GetItemCommand, PutItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../domain/clock.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { Enrolment, UserRecord } from '../domain/user-record/user-record.ts';
import type { UserStore } from '../domain/user-record/user-store.ts';
import { fromItem, toItem } from './attributes.ts';
import { attemptExpression, lockCondition, requireAllowed } from './record-attempt.ts';
import { Expression, isConditionFailure, type Table, userKey } from './table.ts';
import { difference } from './user-changes.ts';
import { cursorAfter, readCursor } from './user-cursor.ts';
import { decoyLifetimeSeconds, enrolledKey, firstAttributes, listIndex, recordOf } from './user-item.ts';

export function userStore(table: Table, policy: Policy, clock: Clock): UserStore {
  const { client, name: TableName } = table;
  const lock = lockCondition(policy);
  const lifeOf = ({ enrolment }: UserRecord) =>
    enrolment ? undefined : Math.floor(clock.now() / 1000) + decoyLifetimeSeconds;

  /** The record as it is after the update, or `undefined` when its condition refused. */
  const updated = async (locator: string, update: Expression): Promise<UserRecord | undefined> => {
    try {
      const Key = userKey(locator);
      const { Attributes } = await client.send(
        new UpdateItemCommand({ TableName, Key, ...update.parameters(), ReturnValues: 'ALL_NEW' }),
      );
      return Attributes && recordOf(locator, fromItem(Attributes));
    } catch (error) {
      if (isConditionFailure(error)) return undefined;
      throw error;
    }
  };

  return {
    async read(locator) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: userKey(locator), ConsistentRead: true }),
      );
      return Item && recordOf(locator, fromItem(Item));
    },

    recordAttempt(locator, attempted) {
      return updated(locator, attemptExpression(attempted, policy, lock));
    },

    async list(limit, cursor) {
      const start = cursor === undefined ? undefined : readCursor(cursor);
      if (cursor !== undefined && start === undefined) return undefined;
      // One more than the page, which tells whether there is a next one.
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
    },

    async recordFirstAttempt(first, attempted) {
      const update = new Expression().require('attribute_not_exists(pk)');
      requireAllowed(update, attempted, policy, lock);
      for (const [name, value] of Object.entries(firstAttributes(first, lifeOf(first), policy))) {
        if (value !== undefined) update.set(update.path(name), update.value(value));
      }
      return updated(first.locator, update);
    },

    async write(before, after) {
      const ttl = lifeOf(after);
      try {
        if (before.revision === 0) {
          const Item = { ...userKey(after.locator), ...toItem(firstAttributes(after, ttl, policy)) };
          const condition = { ConditionExpression: 'attribute_not_exists(pk)' };
          await client.send(new PutItemCommand({ TableName, Item, ...condition }));
        } else {
          const update = difference(before, after, ttl, policy);
          await client.send(
            new UpdateItemCommand({ TableName, Key: userKey(before.locator), ...update.parameters() }),
          );
        }
        return true;
      } catch (error) {
        if (isConditionFailure(error)) return false;
        throw error;
      }
    },
  };
}
