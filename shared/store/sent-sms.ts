/** SMS that were sent, in the table: an item for each with the ids of its delivery, and no number. */
import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { type SentSms, type SentSmsStore, smsKeptMilliseconds } from '../domain/delivery/sent-sms.ts';
import { fromItem } from './attributes.ts';
import { Expression, smsKey, type Table } from './table.ts';

export function sentSmsStore({ client, name: TableName }: Table): SentSmsStore {
  return {
    async note(messageId, sms) {
      const expression = new Expression();
      expression
        .set(expression.path('sms'), expression.value(sms))
        .set(expression.path('ttl'), expression.value(Math.ceil((sms.at + smsKeptMilliseconds) / 1000)));
      await client.send(
        new UpdateItemCommand({ TableName, Key: smsKey(messageId), ...expression.parameters() }),
      );
    },

    async find(messageId) {
      const request = new GetItemCommand({ TableName, Key: smsKey(messageId), ConsistentRead: true });
      const { Item } = await client.send(request);
      return Item && (fromItem(Item) as unknown as { readonly sms: SentSms }).sms;
    },
  };
}
