/** Converts records to items of the table and back, by the SDK's own library. Fields without a value are left out. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { convertToAttr, marshall, unmarshall } from '@aws-sdk/util-dynamodb';

export type Item = Record<string, AttributeValue>;

const options = { removeUndefinedValues: true };

/** @throws for what a record is never made of: an instance of a class, or a number that is none or not exact */
export const toItem = (value: object): Item => marshall(value, options);

/** @throws as `toItem` does, and for `undefined` */
export const toAttribute = (value: unknown): AttributeValue => convertToAttr(value, options);

export const fromItem = (item: Item): Record<string, unknown> => unmarshall(item);
