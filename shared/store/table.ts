/** The one table: the keys of its items, and how an update of an item is put together. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type ItemKind, partitionKey } from '../domain/identifiers/item-kinds.ts';
import { type Item, toAttribute } from './attributes.ts';

export interface Table {
  readonly client: DynamoDBClient;
  readonly name: string;
  /**
   * Epoch milliseconds. What began before and is over by itself within minutes is not there: challenges, recoveries,
   * sessions, proofs and the like. A table that was restored has some whose end it does not know.
   */
  readonly validSince?: number | undefined;
}

/** Whether it may still be read, by when it began or, with the time that all of its kind have, when it ends. */
export function isValid({ validSince = 0 }: Table, began: number): boolean {
  return began >= validSince;
}

export const userKey = (locator: string): Item => key('user', locator, 'state');
export const nameKey = (name: string): Item => key('name', name, 'person');
export const auditKey = (locator: string): Item => key('user', locator, 'backup-codes');
export const deliveryLogKey = (locator: string): Item => key('user', locator, 'deliveries');
export const restrictionsKey: Item = key('restrictions', 'all', 'state');
export const destinationKey = (destination: string): Item => key('destination', destination, 'sends');
export const recoveryKey = (id: string): Item => key('recovery', id, 'state');
export const dialogueKey = (id: string): Item => key('dialogue', id, 'state');
export const quotaKey = (name: string, of: string, shard: number, span: string): Item =>
  key('quota', `${name}#${of}#${shard}`, span);
export const smsKey = (messageId: string): Item => key('sms', messageId, 'delivery');
export const outcomesKey = (breaker: string, hour: string): Item => key('outcomes', breaker, hour);
/** Beside the counts: what became of one number's codes. */
export const numberKey = (destination: string): Item => key('outcomes', destination, 'number');
export const breakerKey = (country: string): Item => key('breaker', country, 'state');
/** Beside the breakers of countries: the stage of a channel as a whole. */
export const healthKey = (method: string): Item => key('breaker', method, 'health');
export const recoveryAnswerKey = (id: string, request: string): Item =>
  key('recovery', id, `answer#${request}`);
export const signInSessionKey = (id: string): Item => key('sign-in', id, 'state');
export const pushedRequestKey = (id: string): Item => key('pushed-request', id, 'state');
export const authorizationCodeKey = (id: string): Item => key('authorization-code', id, 'state');
export const usedOnceKey = (what: string): Item => key('used-once', what, 'state');
export const certificateKey = (keyId: string): Item => key('certificate', keyId, 'state');

function key(kind: ItemKind, of: string, sk: string): Item {
  return { pk: { S: partitionKey(kind, of) }, sk: { S: sk } };
}

/** What a conditional write resolves to, or `undefined` when its condition does not hold. Other errors are thrown. */
export async function unlessConditionFails<Output>(write: Promise<Output>): Promise<Output | undefined> {
  try {
    return await write;
  } catch (error) {
    if (isConditionFailure(error)) return undefined;
    throw error;
  }
}

export function isConditionFailure(error: unknown): boolean {
  return error instanceof Error && error.name === 'ConditionalCheckFailedException';
}

/**
 * Collects the parts of an `UpdateItem`. Names and values enter the expression as placeholders only, so that no
 * reserved word and no text from outside can change what the expression means.
 */
export class Expression {
  readonly names: Record<string, string> = {};
  readonly values: Item = {};
  readonly #sets: string[] = [];
  readonly #removes: string[] = [];
  readonly #conditions: string[] = [];
  readonly #placeholders = new Map<string, string>();
  #valueCount = 0;

  /** `path('challenges', challengeKey, 'delivery')` → `#n0.#n1.#n2`. */
  path(...segments: readonly string[]): string {
    return segments.map((segment) => this.#name(segment)).join('.');
  }

  value(value: unknown): string {
    const placeholder = `:v${this.#valueCount}`;
    this.#valueCount += 1;
    this.values[placeholder] = toAttribute(value);
    return placeholder;
  }

  /** Adds names and values under the caller's own placeholders, for a condition whose text is built only once. */
  bind(names: Readonly<Record<string, string>>, values: Readonly<Record<string, unknown>>): this {
    Object.assign(this.names, names);
    for (const [placeholder, value] of Object.entries(values)) this.values[placeholder] = toAttribute(value);
    return this;
  }

  set(path: string, expression: string): this {
    this.#sets.push(`${path} = ${expression}`);
    return this;
  }

  remove(path: string): this {
    this.#removes.push(path);
    return this;
  }

  /** Adds a condition; the write happens only if all of them hold. */
  require(condition: string): this {
    this.#conditions.push(condition.includes(' OR ') ? `(${condition})` : condition);
    return this;
  }

  /** The parameters of the `UpdateItem`, except table and key. */
  parameters() {
    const update = [
      this.#sets.length > 0 ? `SET ${this.#sets.join(', ')}` : '',
      this.#removes.length > 0 ? `REMOVE ${this.#removes.join(', ')}` : '',
    ].filter(Boolean);
    return {
      UpdateExpression: update.join(' '),
      ...(this.#conditions.length > 0 ? { ConditionExpression: this.#conditions.join(' AND ') } : {}),
      ...(hasAny(this.names) ? { ExpressionAttributeNames: this.names } : {}),
      ...(hasAny(this.values) ? { ExpressionAttributeValues: this.values } : {}),
    };
  }

  #name(segment: string): string {
    let placeholder = this.#placeholders.get(segment);
    if (placeholder === undefined) {
      placeholder = `#n${this.#placeholders.size}`;
      this.#placeholders.set(segment, placeholder);
      this.names[placeholder] = segment;
    }
    return placeholder;
  }
}

function hasAny(object: object): boolean {
  for (const _ in object) return true;
  return false;
}
