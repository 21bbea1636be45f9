/** Finds the partition key's value in the condition of a query. */
import type { Input } from '../aws/protocols.ts';
import { keyText } from './key-text.ts';

/** A query names its partition key with `=`; what stands on either side may be the name or the value.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html
 * @returns undefined when it is not found, as in the older `KeyConditions`. */
export function queriedKey(input: Input, partitionKey: string): string | undefined {
  const { KeyConditionExpression: expression } = input;
  if (typeof expression !== 'string') return undefined;
  const names = objectIn(input, 'ExpressionAttributeNames');
  const values = objectIn(input, 'ExpressionAttributeValues');
  for (const [, left = '', right = ''] of expression.matchAll(/([#:]?[\w.-]+)\s*=\s*([#:]?[\w.-]+)/g)) {
    const [name, value] = left.startsWith(':') ? [right, left] : [left, right];
    const attribute = name.startsWith('#') ? names[name] : name;
    if (attribute === partitionKey) return keyText(values[value]);
  }
  return undefined;
}

function objectIn(input: Input, name: string): Input {
  const value = input[name];
  return value !== null && typeof value === 'object' ? (value as Input) : {};
}
