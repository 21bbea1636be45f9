/** The counters of quotas. A large quota is split over several items, since one item takes too few writes. */
import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Quota, QuotaStore } from '../domain/limits/quotas.ts';
import { fromItem } from './attributes.ts';
import { Expression, quotaKey, type Table, unlessConditionFails } from './table.ts';

/**
 * DynamoDB takes a thousand writes a second to one item. A quota is therefore split over up to eight items, each with
 * a share of the ceiling. A share is at least 250 messages: a smaller one could be used up by chance.
 */
const leastShare = 250;
const mostShards = 8;

export function quotaStore({ client, name: TableName }: Table): QuotaStore {
  /** One conditional write, so that racing messages never count beyond the share. */
  const takeFrom = async (quota: Quota, shard: number, share: number): Promise<boolean> => {
    const expression = new Expression();
    const sent = expression.path('sent');
    expression
      .require(`attribute_not_exists(${sent}) OR ${sent} < ${expression.value(share)}`)
      .set(sent, `if_not_exists(${sent}, ${expression.value(0)}) + ${expression.value(1)}`)
      .set(expression.path('ttl'), expression.value(Math.ceil(quota.endsAt / 1000)));
    const Key = quotaKey(quota.name, quota.of, shard, quota.span);
    const update = new UpdateItemCommand({ TableName, Key, ...expression.parameters() });
    return (await unlessConditionFails(client.send(update))) !== undefined;
  };

  const isBelow = async (quota: Quota, shard: number, share: number): Promise<boolean> => {
    const Key = quotaKey(quota.name, quota.of, shard, quota.span);
    const { Item } = await client.send(new GetItemCommand({ TableName, Key }));
    return Number((Item && fromItem(Item)['sent']) ?? 0) < share;
  };

  return {
    take: (quota) => anyShard(quota, takeFrom),
    hasRoom: (quota) => anyShard(quota, isBelow),
  };
}

/** Asks the items in turn, from one that chance picks, until one has room. */
async function anyShard(
  quota: Quota,
  has: (quota: Quota, shard: number, share: number) => Promise<boolean>,
): Promise<boolean> {
  if (quota.ceiling - quota.kept < 1) return false;
  const shares = roomOf(quota);
  const first = Math.floor(Math.random() * shares.length); // not a secret
  for (let step = 0; step < shares.length; step += 1) {
    const shard = (first + step) % shares.length;
    const share = shares[shard] as number;
    if (share > 0 && (await has(quota, shard, share))) return true;
  }
  return false;
}

/** What each item may hold before this message: its share without its part of what is kept for others. */
function roomOf({ ceiling, kept }: Quota): readonly number[] {
  const shares = sharesOf(ceiling);
  const keptIn = split(kept, shares.length);
  return shares.map((share, shard) => share - (keptIn[shard] as number));
}

/** The share of each item; together they are exactly the ceiling. */
export function sharesOf(ceiling: number): readonly number[] {
  const shards = Math.min(mostShards, Math.max(1, Math.floor(ceiling / leastShare)));
  return split(ceiling, shards);
}

function split(whole: number, parts: number): readonly number[] {
  return Array.from({ length: parts }, (_, part) => Math.floor((whole + part) / parts));
}
