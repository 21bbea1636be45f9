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

/** What an item counts: all messages, and among them those that anonymous doors asked for. */
const counted = ['sent', 'anonymous'] as const;

/** What each count of an item has to be below; the second of messages of anonymous doors alone. */
type Room = { readonly sent: number; readonly anonymous?: number };

export function quotaStore({ client, name: TableName }: Table): QuotaStore {
  /** One conditional write, so that racing messages never count beyond the share. */
  const takeFrom = async (quota: Quota, shard: number, room: Room): Promise<boolean> => {
    const expression = new Expression();
    for (const [name, share] of Object.entries(room)) {
      const count = expression.path(name);
      expression
        .require(`attribute_not_exists(${count}) OR ${count} < ${expression.value(share)}`)
        .set(count, `if_not_exists(${count}, ${expression.value(0)}) + ${expression.value(1)}`);
    }
    expression.set(expression.path('ttl'), expression.value(Math.ceil(quota.endsAt / 1000)));
    const Key = quotaKey(quota.name, quota.of, shard, quota.span);
    const update = new UpdateItemCommand({ TableName, Key, ...expression.parameters() });
    return (await unlessConditionFails(client.send(update))) !== undefined;
  };

  const isBelow = async (quota: Quota, shard: number, room: Room): Promise<boolean> => {
    const Key = quotaKey(quota.name, quota.of, shard, quota.span);
    const { Item } = await client.send(new GetItemCommand({ TableName, Key }));
    const counts = Item === undefined ? {} : (fromItem(Item) as Partial<Room>);
    return counted.every((name) => (counts[name] ?? 0) < (room[name] ?? Number.POSITIVE_INFINITY));
  };

  return {
    take: (quota) => anyShard(quota, takeFrom),
    hasRoom: (quota) => anyShard(quota, isBelow),
  };
}

/** Asks the items in turn, from one that chance picks, until one has room. */
async function anyShard(
  quota: Quota,
  has: (quota: Quota, shard: number, room: Room) => Promise<boolean>,
): Promise<boolean> {
  if (quota.ceiling - quota.kept < 1) return false;
  const rooms = roomsOf(quota);
  const first = Math.floor(Math.random() * rooms.length); // not a secret
  for (let step = 0; step < rooms.length; step += 1) {
    const shard = (first + step) % rooms.length;
    const room = rooms[shard] as Room;
    if (Math.min(...Object.values(room)) > 0 && (await has(quota, shard, room))) return true;
  }
  return false;
}

/** What each item may hold before this message: its share without its part of what is kept for others. */
function roomsOf({ ceiling, kept, anonymous }: Quota): readonly Room[] {
  const shares = sharesOf(ceiling);
  const keptIn = split(kept, shares.length);
  const rooms = shares.map((share, shard) => ({ sent: share - (keptIn[shard] as number) }));
  if (anonymous === undefined) return rooms;
  const halves = split(anonymous, shares.length);
  return rooms.map((room, shard) => ({ ...room, anonymous: halves[shard] as number }));
}

/** The share of each item; together they are exactly the ceiling. */
export function sharesOf(ceiling: number): readonly number[] {
  const shards = Math.min(mostShards, Math.max(1, Math.floor(ceiling / leastShare)));
  return split(ceiling, shards);
}

function split(whole: number, parts: number): readonly number[] {
  return Array.from({ length: parts }, (_, part) => Math.floor((whole + part) / parts));
}
