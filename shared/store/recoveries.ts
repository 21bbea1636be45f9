/** Recoveries in the table, one item each, kept for a month so that what happened can be read. */
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Recovery, RecoveryStore } from '../domain/recovery/recovery.ts';
import { fromItem, toItem } from './attributes.ts';
import { isConditionFailure, recoveryKey, type Table } from './table.ts';

const keptSeconds = 30 * 86_400;

export function recoveryStore({ client, name: TableName }: Table): RecoveryStore {
  const put = async (recovery: Recovery, condition: object) => {
    const ttl = Math.floor(recovery.expiresAt / 1000) + keptSeconds;
    const Item = { ...recoveryKey(recovery.id), ...toItem({ ...recovery, ttl }) };
    try {
      await client.send(new PutItemCommand({ TableName, Item, ...condition }));
      return true;
    } catch (error) {
      if (isConditionFailure(error)) return false;
      throw error;
    }
  };
  return {
    async read(id) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: recoveryKey(id), ConsistentRead: true }),
      );
      return Item && (fromItem(Item) as unknown as Recovery);
    },
    create: (recovery) => put(recovery, { ConditionExpression: 'attribute_not_exists(pk)' }),
    write: (before, after) =>
      put(after, {
        ConditionExpression: '#revision = :before',
        ExpressionAttributeNames: { '#revision': 'revision' },
        ExpressionAttributeValues: { ':before': { N: String(before.revision) } },
      }),
  };
}
