/** Answers to requests about a recovery, an item for each key, which goes when nobody may repeat it any more. */
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { KeptAnswer, RecoveryAnswers } from '../domain/recovery/kept-answers.ts';
import { fromItem, toItem } from './attributes.ts';
import { isConditionFailure, recoveryAnswerKey, type Table } from './table.ts';

const keptSeconds = 86_400; // longer than it is remembered: the table removes items when it comes to it

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
      try {
        await client.send(
          new PutItemCommand({
            TableName,
            Item: { ...recoveryAnswerKey(recoveryId, key), ...toItem({ ...answer, ttl }) },
            ConditionExpression: 'attribute_not_exists(pk) OR #at <= :forgotten',
            ExpressionAttributeNames: { '#at': 'at' },
            ExpressionAttributeValues: { ':forgotten': { N: String(forgottenBefore) } },
          }),
        );
        return answer;
      } catch (error) {
        if (!isConditionFailure(error)) throw error;
        return (await find(recoveryId, key)) ?? answer;
      }
    },
  };
}
