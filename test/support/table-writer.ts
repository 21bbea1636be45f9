/** What somebody does who writes into the table and has no key: any item, any attribute, also inside packed ones. */
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { fromItem, type Item, toItem } from '../../shared/store/attributes.ts';
import type { Table } from '../../shared/store/table.ts';

// biome-ignore lint/suspicious/noExplicitAny: an item is whatever stands in it
export type Written = any;

/** Backup codes are JSON in one attribute; here they are read, and written back as they were. */
export async function readItem({ client, name: TableName }: Table, Key: Item): Promise<Written> {
  const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
  if (Item === undefined) throw new Error('there is no such item');
  const { codes, ...item } = fromItem(Item) as Written;
  return codes === undefined ? item : { ...item, codes: JSON.parse(Buffer.from(codes).toString()) };
}

export async function writeItem({ client, name: TableName }: Table, item: Written): Promise<void> {
  const { codes, ...plain } = item;
  const packed = codes === undefined ? {} : { codes: Buffer.from(JSON.stringify(codes)) };
  await client.send(new PutItemCommand({ TableName, Item: toItem({ ...plain, ...packed }) }));
}

export async function rewrite(table: Table, key: Item, change: (item: Written) => void): Promise<void> {
  const item = structuredClone(await readItem(table, key));
  change(item);
  await writeItem(table, item);
}
