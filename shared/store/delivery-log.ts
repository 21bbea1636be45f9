/** A person's last messages in the table: an item of its own, so that no sign-in has to read it. */
import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import {
  type DeliveryLog,
  deliveriesKept,
  deliveriesKeptMilliseconds,
} from '../domain/delivery/delivery-log.ts';
import { fromItem } from './attributes.ts';
import { deliveryLogKey, Expression, type Table, unlessConditionFails } from './table.ts';

/** A message that waited first has two. */
const notesKept = 2 * deliveriesKept;

interface Kept {
  /** Newest first. */
  readonly deliveries: readonly Uint8Array[];
}

export function deliveryLog({ client, name: TableName }: Table): DeliveryLog {
  const update = async (locator: string, expression: Expression) => {
    const parameters = { TableName, Key: deliveryLogKey(locator), ...expression.parameters() };
    const written = await unlessConditionFails(
      client.send(new UpdateItemCommand({ ...parameters, ReturnValues: 'ALL_NEW' })),
    );
    return written?.Attributes && (fromItem(written.Attributes) as unknown as Kept);
  };
  return {
    async add(locator, note, at) {
      const expression = new Expression();
      const list = expression.path('deliveries');
      const none = expression.value([]);
      expression
        .set(list, `list_append(${expression.value([note])}, if_not_exists(${list}, ${none}))`)
        .set(expression.path('ttl'), expression.value(Math.ceil((at + deliveriesKeptMilliseconds) / 1000)));
      const { deliveries = [] } = (await update(locator, expression)) ?? {};
      // Only when so many have come since the last cut, so that few messages cost a second write.
      if (deliveries.length > notesKept + deliveriesKept) await update(locator, cut(deliveries));
    },

    async read(locator) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: deliveryLogKey(locator), ConsistentRead: true }),
      );
      return Item ? (fromItem(Item) as unknown as Kept).deliveries : [];
    },
  };
}

/** Holds while nobody added one since the list was read. */
function cut(deliveries: readonly Uint8Array[]): Expression {
  const expression = new Expression();
  const list = expression.path('deliveries');
  return expression
    .require(`size(${list}) = ${expression.value(deliveries.length)}`)
    .set(list, expression.value(deliveries.slice(0, notesKept)));
}
