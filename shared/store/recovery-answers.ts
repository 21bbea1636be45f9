/** Kept answers of a recovery's requests: one item for each `Idempotency-Key`, removed after a day. */
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { decrypt, encrypt } from '../domain/crypto/encryption.ts';
import type { Keyring } from '../domain/crypto/keyring.ts';
import type { KeptAnswer, RecoveryAnswers } from '../domain/recovery/kept-answers.ts';
import { fromItem, toItem } from './attributes.ts';
import { recoveryAnswerKey, type Table, unlessConditionFails } from './table.ts';

const keptSeconds = 86_400; // longer than an answer may be repeated; the table removes expired items late anyway

/** Encrypted: an answer may show questions that a person worded. */
export function recoveryAnswers({ client, name: TableName }: Table, keyring: Keyring): RecoveryAnswers {
  const find = async (recoveryId: string, key: string): Promise<KeptAnswer | undefined> => {
    const Key = recoveryAnswerKey(recoveryId, key);
    const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
    if (Item === undefined) return undefined;
    const kept = fromItem(Item) as unknown as KeptAnswer;
    const answer = decrypt(kept.answer as unknown as Uint8Array, contextOf(recoveryId), keyring);
    return { ...kept, answer: String(answer) };
  };
  return {
    find,
    async keep(recoveryId, key, answer, forgottenBefore) {
      const ttl = Math.floor(answer.at / 1000) + keptSeconds;
      const sealed = { ...answer, answer: encrypt(answer.answer, contextOf(recoveryId), keyring) };
      const put = new PutItemCommand({
        TableName,
        Item: { ...recoveryAnswerKey(recoveryId, key), ...toItem({ ...sealed, ttl }) },
        ConditionExpression: 'attribute_not_exists(pk) OR #at <= :forgotten',
        ExpressionAttributeNames: { '#at': 'at' },
        ExpressionAttributeValues: { ':forgotten': { N: String(forgottenBefore) } },
      });
      if ((await unlessConditionFails(client.send(put))) !== undefined) return answer;
      return (await find(recoveryId, key)) ?? answer;
    },
  };
}

const contextOf = (recoveryId: string): string => `${recoveryId} answer`;
