/** The users' records in the table: reading one, recording an attempt in one, and writing what a decision changed. */
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../domain/clock.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { UserRecord } from '../domain/user-record/user-record.ts';
import type { AttemptRequest, UserStore } from '../domain/user-record/user-store.ts';
import { fromItem, toItem } from './attributes.ts';
import { listUsers } from './list-users.ts';
import {
  attemptExpression,
  type LockCondition,
  lockCondition,
  requireAllowed,
  requireBegunSince,
} from './record-attempt.ts';
import { Expression, isValid, type Table, unlessConditionFails, userKey } from './table.ts';
import { difference } from './user-changes.ts';
import { decoyLifetimeSeconds, firstAttributes, recordOf } from './user-item.ts';
import { sendUpdate, trySendUpdate } from './write-user.ts';

/** Every write is one conditional request, so that of racing writers exactly one wins. See `UserStore`. */
export function userStore(table: Table, policy: Policy, clock: Clock): UserStore {
  const { client, name: TableName } = table;
  const lock = lockCondition(policy);
  const ttlOf = ({ enrolment }: UserRecord) =>
    enrolment ? undefined : Math.floor(clock.now() / 1000) + decoyLifetimeSeconds;

  return {
    async read(locator) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: userKey(locator), ConsistentRead: true }),
      );
      return Item && recordOf(locator, fromItem(Item), (began) => isValid(table, began));
    },

    list: (limit, cursor) => listUsers(table, limit, cursor),

    recordAttempt(locator, attempted) {
      const update = attemptExpression(attempted, policy, lock);
      if (table.validSince !== undefined) requireBegunSince(update, attempted, table.validSince);
      return sendUpdate(table, locator, update);
    },

    recordFirstAttempt(first, attempted) {
      const attributes = firstAttributes(first, ttlOf(first), policy);
      const update = firstAttemptExpression(attributes, attempted, policy, lock);
      return sendUpdate(table, first.locator, update);
    },

    async write(before, after) {
      const ttl = ttlOf(after);
      if (before.revision !== 0) {
        return trySendUpdate(table, before.locator, difference(before, after, ttl, policy));
      }
      const put = new PutItemCommand({
        TableName,
        Item: { ...userKey(after.locator), ...toItem(firstAttributes(after, ttl, policy)) },
        ConditionExpression: 'attribute_not_exists(pk)',
      });
      return (await unlessConditionFails(client.send(put))) !== undefined;
    },
  };
}

/** Writes the whole record with its first attempt, if there is still none. As many conditions as for any attempt. */
function firstAttemptExpression(
  attributes: object,
  attempted: AttemptRequest,
  policy: Policy,
  lock: LockCondition,
): Expression {
  const update = new Expression().require('attribute_not_exists(pk)');
  requireAllowed(update, attempted, policy, lock);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) update.set(update.path(name), update.value(value));
  }
  return update;
}
