/** Conditional updates of the item that holds a user's record. */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { UserRecord } from '../domain/user-record/user-record.ts';
import { fromItem } from './attributes.ts';
import { type Expression, isValid, type Table, unlessConditionFails, userKey } from './table.ts';
import { recordOf } from './user-item.ts';

/** The record right after the update; `undefined` when its condition does not hold. */
export async function sendUpdate(
  table: Table,
  locator: string,
  update: Expression,
): Promise<UserRecord | undefined> {
  const { client, name: TableName } = table;
  const parameters = { TableName, Key: userKey(locator), ...update.parameters() };
  const written = await unlessConditionFails(
    client.send(new UpdateItemCommand({ ...parameters, ReturnValues: 'ALL_NEW' })),
  );
  const { Attributes } = written ?? {};
  return Attributes && recordOf(locator, fromItem(Attributes), (began) => isValid(table, began));
}

/** The same without reading the record back; `false` when the condition does not hold. */
export async function trySendUpdate(
  { client, name: TableName }: Table,
  locator: string,
  update: Expression,
): Promise<boolean> {
  const parameters = { TableName, Key: userKey(locator), ...update.parameters() };
  return (await unlessConditionFails(client.send(new UpdateItemCommand(parameters)))) !== undefined;
}
