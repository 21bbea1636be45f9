/** Names in the table: one item for each, which points to a person's key. See `NameStore`. */
import { DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Claim, NameStore } from '../domain/names/name-store.ts';
import { fromItem, toItem } from './attributes.ts';
import { nameKey, type Table, unlessConditionFails } from './table.ts';

export function nameStore({ client, name: TableName }: Table): NameStore {
  const store: NameStore = {
    async read(name) {
      const Key = nameKey(name);
      const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
      return Item && claimOf(fromItem(Item));
    },

    async claim(name, claim, over) {
      const put = new PutItemCommand({
        TableName,
        Item: { ...nameKey(name), ...toItem({ ...claim }) },
        ConditionExpression:
          over === undefined
            ? 'attribute_not_exists(pk) OR person = :person'
            : 'attribute_not_exists(pk) OR person = :person OR (person = :other AND #at = :since)',
        ...(over === undefined ? {} : { ExpressionAttributeNames: { '#at': 'at' } }),
        ExpressionAttributeValues: toItem({
          ':person': claim.person,
          ...(over === undefined ? {} : { ':other': over.person, ':since': over.at }),
        }),
      });
      if ((await unlessConditionFails(client.send(put))) !== undefined) return 'claimed';
      return (await store.read(name)) ?? store.claim(name, claim, over); // released a moment ago
    },

    async release(name, person, before) {
      const remove = new DeleteItemCommand({
        TableName,
        Key: nameKey(name),
        ConditionExpression: 'person = :person AND #at < :before',
        ExpressionAttributeNames: { '#at': 'at' },
        ExpressionAttributeValues: toItem({ ':person': person, ':before': before }),
      });
      await unlessConditionFails(client.send(remove));
    },
  };
  return store;
}

function claimOf({ person, at }: Record<string, unknown>): Claim {
  return { person: String(person), at: Number(at) };
}
