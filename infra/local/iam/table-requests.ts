/** What requests to DynamoDB ask for: the operation on table or index with its leading keys, and the table's key. */
import type { Input } from '../aws/protocols.ts';
import type { Asked, Context } from './asked.ts';
import { keyText } from './key-text.ts';
import { queriedKey } from './queried-key.ts';
import { arnIn, ask, type Rule, textIn } from './rules.ts';
import type { Table } from './tables.ts';

/** Where the key of an item stands. */
const itemOperations = new Map([
  ['GetItem', 'Key'],
  ['PutItem', 'Item'],
  ['UpdateItem', 'Key'],
  ['DeleteItem', 'Key'],
]);
/** No items, and so no keys. */
const tableOperations = ['CreateTable', 'DeleteTable', 'DescribeTable', 'DescribeTimeToLive', 'UpdateTable'];

/** The action has the operation's name, and tables and indexes are its resources:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html */
export function tableRule(tables: readonly Table[]): Rule {
  return ({ operation, input, region }) => {
    if (operation === 'ListTables') return [ask('dynamodb:ListTables', undefined)];
    const name = textIn(input, 'TableName') ?? '';
    const table = tables.find((each) => each.name === name || each.arn === name);
    const arn = table?.arn ?? (name.startsWith('arn:') ? name : arnIn(region, 'dynamodb', `table/${name}`));
    const action = `dynamodb:${operation}`;
    if (tableOperations.includes(operation)) return [ask(action, arn)];

    const withKey = (asked: Asked) => [asked, ...keyUse(table, region)];
    const place = itemOperations.get(operation);
    if (place !== undefined)
      return withKey(ask(action, arn, leading(itemKey(input[place], table?.partitionKey))));

    const index = textIn(input, 'IndexName');
    const resource = index === undefined ? arn : `${arn}/index/${index}`;
    // Returns items whatever their keys are, so that a request has none; see `specifying-conditions` below.
    if (operation === 'Scan') return withKey(ask(action, resource));
    if (operation !== 'Query') return undefined;
    const partitionKey = index === undefined ? table?.partitionKey : table?.indexes.get(index);
    const key = partitionKey === undefined ? undefined : queriedKey(input, partitionKey);
    return key === undefined && table !== undefined
      ? undefined
      : withKey(ask(action, resource, leading(key)));
  };
}

/** `dynamodb:LeadingKeys` is the partition key, also of a request for one item:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html */
function leading(key: string | undefined): Context {
  return key === undefined ? {} : { 'dynamodb:LeadingKeys': [key] };
}

/**
 * With a customer managed key, DynamoDB has the table key decrypted on behalf of whoever asks, "for each caller":
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 * The same page asks six actions of the principal that chooses the key; whether a caller needs the other five it does
 * not say.
 */
const callersKeyActions = ['kms:Decrypt'] as const;

/** https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service */
function keyUse(table: Table | undefined, region: string): Asked[] {
  const keyArn = table?.keyArn;
  if (keyArn === undefined) return [];
  const context = { 'kms:ViaService': [`dynamodb.${region}.amazonaws.com`] };
  return callersKeyActions.map((action) => ask(action, keyArn, context));
}

function itemKey(item: unknown, partitionKey: string | undefined): string | undefined {
  if (partitionKey === undefined || item === null || typeof item !== 'object') return undefined;
  return keyText((item as Input)[partitionKey]);
}
