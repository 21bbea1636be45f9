/** The health of each channel in the table: one item, which every worker reads and few messages write. */
import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { ChannelHealth, Trouble } from '../domain/delivery/channel-health.ts';
import { fromItem } from './attributes.ts';
import { Expression, healthKey, type Table } from './table.ts';

const keptSeconds = 7 * 86_400;

export function channelHealth({ client, name: TableName }: Table): ChannelHealth {
  return {
    async read(method) {
      const { Item } = await client.send(new GetItemCommand({ TableName, Key: healthKey(method) }));
      return (Item && fromItem(Item)['trouble']) as Trouble | undefined;
    },

    async write(method, trouble) {
      const expression = new Expression();
      const path = expression.path('trouble');
      if (trouble === undefined) expression.remove(path);
      else {
        expression
          .set(path, expression.value(trouble))
          .set(expression.path('ttl'), expression.value(Math.ceil(trouble.at / 1000) + keptSeconds));
      }
      const Key = healthKey(method);
      await client.send(new UpdateItemCommand({ TableName, Key, ...expression.parameters() }));
    },
  };
}
