/** Recoveries in the table: one item each, kept for a month after it expires, so that operators can see what happened. */
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { decrypt, encrypt } from '../domain/crypto/encryption.ts';
import type { Keyring } from '../domain/crypto/keyring.ts';
import type { Recovery, RecoveryStep, RecoveryStore } from '../domain/recovery/recovery.ts';
import { fromItem, toItem } from './attributes.ts';
import { isValid, recoveryKey, type Table, unlessConditionFails } from './table.ts';

const keptSeconds = 30 * 86_400;

/** Questions are kept encrypted: people word some of their own, and the item outlives them by a month. */
export function recoveryStore(table: Table, keyring: Keyring): RecoveryStore {
  const { client, name: TableName } = table;
  const save = async (recovery: Recovery, condition: object) => {
    const ttl = Math.floor(recovery.expiresAt / 1000) + keptSeconds;
    const Item = {
      ...recoveryKey(recovery.id),
      ...toItem({ ...recovery, step: sealed(recovery, keyring), ttl }),
    };
    const put = new PutItemCommand({ TableName, Item, ...condition });
    return (await unlessConditionFails(client.send(put))) !== undefined;
  };
  return {
    async read(id) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: recoveryKey(id), ConsistentRead: true }),
      );
      const kept = Item && (fromItem(Item) as unknown as Recovery);
      return kept && isValid(table, kept.startedAt) ? opened(kept, keyring) : undefined;
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

function sealed({ id, step }: Recovery, keyring: Keyring): object | undefined {
  return step?.type === 'kba'
    ? { ...step, questions: encrypt(step.questions, contextOf(id), keyring) }
    : step;
}

function opened(kept: Recovery, keyring: Keyring): Recovery {
  const { id, step } = kept;
  if (step?.type !== 'kba') return kept;
  const questions = decrypt(step.questions as unknown as Uint8Array, contextOf(id), keyring);
  return { ...kept, step: { ...step, questions } as RecoveryStep };
}

const contextOf = (id: string): string => `${id} questions`;
