/** The users' records in the table: reading, listing, and the write that decides a race. */
import {
  type AttributeValue,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Clock } from '../domain/clock.ts';
import { isUserId } from '../domain/identifiers/user-id.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { OtpChallenge } from '../domain/user-record/challenge.ts';
import { blankRecord, type Enrolment, type UserRecord } from '../domain/user-record/user-record.ts';
import type { UserStore } from '../domain/user-record/user-store.ts';
import { fromItem, toItem } from './attributes.ts';
import { fillerBytes } from './padding.ts';
import { lockCondition, spendable, spendExpression } from './record-attempt.ts';
import { Expression, isConditionFailure, type Table, userKey } from './table.ts';

/** A name nobody is enrolled under is forgotten after so long without a start. */
export const decoyLifetimeSeconds = 90 * 86_400;

/** The enrolled, and nobody else, are in one partition of the index, by name. */
const listIndex = 'users';
const enrolledKey = 'users';

/**
 * Names that nobody is enrolled under are in the index too, each in a partition of its own that nobody asks for: an
 * engine that keeps its indexes up to date at once takes longer to write what is in one.
 */
const listed = ({ locator, enrolment }: UserRecord) =>
  enrolment ? { ...enrolment, listKey: enrolledKey } : { userId: locator, listKey: `nobody#${locator}` };

export function userStore(table: Table, policy: Policy, clock: Clock): UserStore {
  const { client, name: TableName } = table;
  const lock = lockCondition(policy);
  const lifeOf = ({ enrolment }: UserRecord) =>
    enrolment ? undefined : Math.floor(clock.now() / 1000) + decoyLifetimeSeconds;

  /** The record as it is after the update, or `undefined` when its condition refused. */
  const updated = async (locator: string, update: Expression): Promise<UserRecord | undefined> => {
    try {
      const Key = userKey(locator);
      const { Attributes } = await client.send(
        new UpdateItemCommand({ TableName, Key, ...update.parameters(), ReturnValues: 'ALL_NEW' }),
      );
      return Attributes && recordOf(locator, fromItem(Attributes));
    } catch (error) {
      if (isConditionFailure(error)) return undefined;
      throw error;
    }
  };

  return {
    async read(locator) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: userKey(locator), ConsistentRead: true }),
      );
      return Item && recordOf(locator, fromItem(Item));
    },

    spend(locator, spend) {
      return updated(locator, spendExpression(spend, policy, lock));
    },

    async list(limit, cursor) {
      const start = cursor === undefined ? undefined : readCursor(cursor);
      if (cursor !== undefined && start === undefined) return undefined;
      // One more than the page, which tells whether there is a next one.
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName,
          IndexName: listIndex,
          KeyConditionExpression: '#listKey = :users',
          ExpressionAttributeNames: { '#listKey': 'listKey' },
          ExpressionAttributeValues: { ':users': { S: enrolledKey } },
          Limit: limit + 1,
          ...(start ? { ExclusiveStartKey: start } : {}),
        }),
      );
      const page = Items.slice(0, limit).map(fromItem);
      const users = page.map(({ pk, userId, contact, enabled }) => ({
        locator: String(pk).replace('user#', ''),
        enrolment: { userId, contact, enabled } as Enrolment,
      }));
      const last = Items.length > limit ? page.at(-1) : undefined;
      return { users, ...(last ? { cursor: cursorAfter(last) } : {}) };
    },

    async spendFirst(first, spend) {
      const update = new Expression().require('attribute_not_exists(pk)');
      spendable(update, spend, policy, lock);
      for (const [name, value] of Object.entries(firstAttributes(first, lifeOf(first), policy))) {
        if (value !== undefined) update.set(update.path(name), update.value(value));
      }
      return updated(first.locator, update);
    },

    async write(before, after) {
      const ttl = lifeOf(after);
      try {
        if (before.revision === 0) {
          const Item = { ...userKey(after.locator), ...toItem(firstAttributes(after, ttl, policy)) };
          const condition = { ConditionExpression: 'attribute_not_exists(pk)' };
          await client.send(new PutItemCommand({ TableName, Item, ...condition }));
        } else {
          const update = difference(before, after, ttl, policy);
          await client.send(
            new UpdateItemCommand({ TableName, Key: userKey(before.locator), ...update.parameters() }),
          );
        }
        return true;
      } catch (error) {
        if (isConditionFailure(error)) return false;
        throw error;
      }
    },
  };
}

function firstAttributes(record: UserRecord, ttl: number | undefined, policy: Policy) {
  const { locator: _, revision, enrolment, codeBatches, generations, uses, unlocks, ...attributes } = record;
  const codes = packed(record);
  return {
    ...attributes,
    ...listed(record),
    codes,
    filler: new Uint8Array(fillerBytes(record, codes.length, policy)),
    revision: revision + 1,
    ttl,
  };
}

/**
 * Sets what differs. Guarded by `revision`, which every such write raises, and by the length of `spent`, which
 * every spend raises: whoever read before either of them loses.
 */
function difference(
  before: UserRecord,
  after: UserRecord,
  ttl: number | undefined,
  policy: Policy,
): Expression {
  const expression = new Expression();
  const path = (...segments: string[]) => expression.path(...segments);
  expression
    .require(`${path('revision')} = ${expression.value(before.revision)}`)
    .require(`size(${path('spent')}) = ${expression.value(before.spent.length)}`)
    .set(path('revision'), expression.value(before.revision + 1));
  for (const field of [
    'newestKey',
    'spent',
    'row',
    'rows',
    'past',
    'pastKba',
    'replies',
    'writer',
    'kbaTries',
    'securityQuestions',
    'codeAttempts',
    'sent',
  ] as const) {
    if (after[field] === before[field]) continue;
    if (after[field] === undefined) expression.remove(path(field));
    else expression.set(path(field), expression.value(after[field]));
  }
  for (const [slot, challenge] of Object.entries(after.challenges)) {
    const previous = before.challenges[slot];
    if (challenge === previous) continue;
    if (challenge.id !== previous?.id) expression.set(path('challenges', slot), expression.value(challenge));
    else
      for (const field of decided) {
        if (challenge[field] === previous[field]) continue;
        expression.set(path('challenges', slot, field), expression.value(challenge[field]));
      }
  }
  for (const [slot, challenge] of Object.entries(after.kbaChallenges)) {
    if (challenge === before.kbaChallenges[slot]) continue;
    expression.set(path('kbaChallenges', slot), expression.value(challenge));
  }
  // One by one: the worker notes meanwhile whom of the others it told.
  for (const id of new Set([...Object.keys(before.notices), ...Object.keys(after.notices)])) {
    const notice = after.notices[id];
    if (notice === before.notices[id]) continue;
    if (notice === undefined) expression.remove(path('notices', id));
    else expression.set(path('notices', id), expression.value(notice));
  }
  const hasOther = (...fields: readonly (keyof UserRecord)[]) =>
    fields.some((field) => after[field] !== before[field]);
  if (hasOther('enrolment', 'securityQuestions', 'codeBatches', 'generations', 'uses', 'unlocks')) {
    const codes = packed(after);
    const filler = new Uint8Array(fillerBytes(after, codes.length, policy));
    expression.set(path('codes'), expression.value(codes)).set(path('filler'), expression.value(filler));
  }
  if (after.enrolment !== before.enrolment) {
    const attributes: Readonly<Record<string, unknown>> = listed(after);
    for (const field of ['userId', 'contact', 'enabled', 'listKey']) {
      if (attributes[field] === undefined) expression.remove(path(field));
      else expression.set(path(field), expression.value(attributes[field]));
    }
  }
  if (ttl === undefined) expression.remove(path('ttl'));
  else expression.set(path('ttl'), expression.value(ttl));
  return expression;
}

/** Fields that decisions change; guesses grow by spends, and a send's delivery is the worker's to write. */
const decided = [
  'expiresAt',
  'methods',
  'masked',
  'send',
  'unanswered',
  'sendsInRow',
  'resendAt',
  'settled',
] as const satisfies readonly (keyof OtpChallenge)[];

type Codes = Pick<UserRecord, 'codeBatches' | 'generations' | 'uses' | 'unlocks'>;

/** Codes, and what else only the enrolled have, are one attribute, which takes as long to read as a filler in its place. */
function packed({ codeBatches, generations, uses, unlocks }: Codes): Buffer {
  return Buffer.from(JSON.stringify({ codeBatches, generations, uses, unlocks }));
}

function unpacked(codes: Uint8Array): Codes {
  return JSON.parse(Buffer.from(codes).toString());
}

export function recordOf(locator: string, attributes: Record<string, unknown>): UserRecord {
  const { userId, contact, enabled, codes, filler: _, ...rest } = attributes;
  const enrolment = contact === undefined ? {} : { enrolment: { userId, contact, enabled } as Enrolment };
  const generated = codes === undefined ? {} : unpacked(codes as Uint8Array);
  return { ...blankRecord(locator), ...rest, ...enrolment, ...generated, locator };
}

function cursorAfter({ pk, userId }: Record<string, unknown>): string {
  return Buffer.from(JSON.stringify([pk, userId])).toString('base64url');
}

const userKeyShape = /^user#[\w-]{22}$/;

function readCursor(cursor: string): Record<string, AttributeValue> | undefined {
  try {
    const [pk, userId] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    if (typeof pk !== 'string' || typeof userId !== 'string') return undefined;
    if (!isUserId(userId) || !userKeyShape.test(pk)) return undefined;
    return { pk: { S: pk }, sk: { S: 'state' }, listKey: { S: enrolledKey }, userId: { S: userId } };
  } catch {
    return undefined;
  }
}
