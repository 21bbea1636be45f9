/** The restrictions in the table: one item for the deployment, without a cache, so that a change acts at once. */
import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { RestrictionStore, Restrictions } from '../domain/restrictions/restrictions.ts';
import { fromItem } from './attributes.ts';
import { Expression, restrictionsKey, type Table } from './table.ts';

export function restrictionStore({ client, name: TableName }: Table): RestrictionStore {
  return {
    async read() {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: restrictionsKey, ConsistentRead: true }),
      );
      return (Item ? fromItem(Item) : {}) as Restrictions;
    },

    async write(change) {
      const expression = new Expression();
      for (const [name, value] of Object.entries(change)) {
        if (value !== undefined) expression.set(expression.path(name), expression.value(value));
      }
      const parameters = { TableName, Key: restrictionsKey, ...expression.parameters() };
      await client.send(new UpdateItemCommand(parameters));
    },
  };
}
