/** Dialogues in the table: one item each, whose revision decides between requests that race. */
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { DialogueStore, SealedDialogue } from '../domain/dialogue/dialogue.ts';
import { transactionLifetimeMilliseconds } from '../domain/dialogue/transaction.ts';
import { fromItem, toItem } from './attributes.ts';
import { dialogueKey, isValid, type Table, unlessConditionFails } from './table.ts';

const keptSeconds = 3_600; // after its end, for who looks into a complaint; its transaction is over by then

export function dialogueStore(table: Table): DialogueStore {
  const { client, name: TableName } = table;
  return {
    async read(id) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: dialogueKey(id), ConsistentRead: true }),
      );
      const kept = Item && (fromItem(Item) as unknown as SealedDialogue);
      return kept && isValid(table, kept.endsAt - transactionLifetimeMilliseconds) ? kept : undefined;
    },
    async write(dialogue) {
      const ttl = Math.floor(dialogue.endsAt / 1000) + keptSeconds;
      const isFirst = dialogue.revision === 1;
      const put = new PutItemCommand({
        TableName,
        Item: { ...dialogueKey(dialogue.id), ...toItem({ ...dialogue, ttl }) },
        ...(isFirst
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : {
              ConditionExpression: '#revision = :before',
              ExpressionAttributeNames: { '#revision': 'revision' },
              ExpressionAttributeValues: { ':before': { N: String(dialogue.revision - 1) } },
            }),
      });
      return (await unlessConditionFails(client.send(put))) !== undefined;
    },
  };
}
