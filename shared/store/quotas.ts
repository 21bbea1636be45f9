/** Counters of quotas: a few items each, so that no single one carries the traffic of a deployment. */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Quota, QuotaStore } from '../domain/limits/quotas.ts';
import { Expression, isConditionFailure, quotaKey, type Table } from './table.ts';

/**
 * DynamoDB takes a thousand writes a second to one item. A quota is split between items, each with its share of
 * the ceiling, when there is enough of it that a share is not used up by chance.
 */
const leastShare = 250;
const mostShards = 8;

export function quotaStore({ client, name: TableName }: Table): QuotaStore {
  /** One conditional write: the count grows only below its share. */
  const takeFrom = async (quota: Quota, shard: number, share: number): Promise<boolean> => {
    const expression = new Expression();
    const sent = expression.path('sent');
    expression
      .require(`attribute_not_exists(${sent}) OR ${sent} < ${expression.value(share)}`)
      .set(sent, `if_not_exists(${sent}, ${expression.value(0)}) + ${expression.value(1)}`)
      .set(expression.path('ttl'), expression.value(Math.ceil(quota.endsAt / 1000)));
    const Key = quotaKey(quota.name, quota.of, shard, quota.span);
    try {
      await client.send(new UpdateItemCommand({ TableName, Key, ...expression.parameters() }));
      return true;
    } catch (error) {
      if (isConditionFailure(error)) return false;
      throw error;
    }
  };

  return {
    async take(quota) {
      if (quota.ceiling < 1) return false;
      const shares = sharesOf(quota.ceiling);
      const first = Math.floor(Math.random() * shares.length); // which one is no secret
      for (let turn = 0; turn < shares.length; turn += 1) {
        const shard = (first + turn) % shares.length;
        if (await takeFrom(quota, shard, shares[shard] as number)) return true;
      }
      return false;
    },
  };
}

/** Shares that add up to the ceiling. */
export function sharesOf(ceiling: number): readonly number[] {
  const shards = Math.min(mostShards, Math.max(1, Math.floor(ceiling / leastShare)));
  return Array.from({ length: shards }, (_, shard) => Math.floor((ceiling + shard) / shards));
}
