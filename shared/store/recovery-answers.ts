/** Kept answers of a recovery's requests: one item for each `Idempotency-Key`, removed after a day. */
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { KeptAnswer, RecoveryAnswers } from '../domain/recovery/kept-answers.ts';
import { fromItem, toItem } from './attributes.ts';
import { recoveryAnswerKey, type Table, unlessConditionFails } from './table.ts';

const keptSeconds = 86_400; // longer than an answer may be repeated; the table removes expired items late anyway

export function recoveryAnswers({ client, name: TableName }: Table): RecoveryAnswers {
  const find = async (recoveryId: string, key: string): Promise<KeptAnswer | undefined> => {
    const Key = recoveryAnswerKey(recoveryId, key);
    const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
    return Item && (fromItem(Item) as unknown as KeptAnswer);
  };
  return {
    find,
    async keep(recoveryId, key, answer, forgottenBefore) {
      const ttl = Math.floor(answer.at / 1000) + keptSeconds;
      const put = new PutItemCommand({
        TableName,
        Item: { ...recoveryAnswerKey(recoveryId, key), ...toItem({ ...answer, ttl }) },
        ConditionExpression: 'attribute_not_exists(pk) OR #at <= :forgotten',
        ExpressionAttributeNames: { '#at': 'at' },
        ExpressionAttributeValues: { ':forgotten': { N: String(forgottenBefore) } },
      });
      if ((await unlessConditionFails(client.send(put))) !== undefined) return answer;
      return (await find(recoveryId, key)) ?? answer;
    },
  };
}
