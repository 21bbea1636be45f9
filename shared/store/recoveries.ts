/** Recoveries in the table: one item each, kept for a month after it expires, so that operators can see what happened. */
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Recovery, RecoveryStore } from '../domain/recovery/recovery.ts';
import { fromItem, toItem } from './attributes.ts';
import { recoveryKey, type Table, unlessConditionFails } from './table.ts';

const keptSeconds = 30 * 86_400;

export function recoveryStore({ client, name: TableName }: Table): RecoveryStore {
  const save = async (recovery: Recovery, condition: object) => {
    const ttl = Math.floor(recovery.expiresAt / 1000) + keptSeconds;
    const Item = { ...recoveryKey(recovery.id), ...toItem({ ...recovery, ttl }) };
    const put = new PutItemCommand({ TableName, Item, ...condition });
    return (await unlessConditionFails(client.send(put))) !== undefined;
  };
  return {
    async read(id) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: recoveryKey(id), ConsistentRead: true }),
      );
      return Item && (fromItem(Item) as unknown as Recovery);
    },
    create: (recovery) => save(recovery, { ConditionExpression: 'attribute_not_exists(pk)' }),
    write: (before, after) =>
      save(after, {
        ConditionExpression: '#revision = :before',
        ExpressionAttributeNames: { '#revision': 'revision' },
        ExpressionAttributeValues: { ':before': { N: String(before.revision) } },
      }),
  };
}
