/** The users' records in the table: the read, the spend of an attempt, and the write that decides a race. */
import {
  type AttributeValue,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { waitTable } from '../domain/lockout.ts';
import type { Policy } from '../domain/policy.ts';
import type { Spend, UserStore } from '../domain/ports.ts';
import { blankRecord, type Enrolment, type OtpChallenge, type UserRecord } from '../domain/user-record.ts';
import { Expression, fromItem, isConditionFailure, type Table, toItem, userKey } from './table.ts';

/** A name nobody is enrolled under is forgotten after so long without a start. */
const decoyLifetimeSeconds = 90 * 86_400;

/** The enrolled, and nobody else, are in one partition of a sparse index, by name. */
const listIndex = 'users';
const enrolledKey = 'users';

export interface UserStoreSettings {
  readonly lockout: Policy['lockout'];
  readonly now: () => number;
}

export function userStore(table: Table, { lockout, now }: UserStoreSettings): UserStore {
  const { client, name: TableName } = table;
  const waits = waitTable(lockout);

  return {
    async read(locator) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: userKey(locator), ConsistentRead: true }),
      );
      return Item && recordOf(locator, fromItem(Item));
    },

    async spend(locator, spend) {
      const update = spendExpression(spend, lockout, waits);
      try {
        const { Attributes } = await client.send(
          new UpdateItemCommand({
            TableName,
            Key: userKey(locator),
            ...update.parameters(),
            ReturnValues: 'ALL_NEW',
          }),
        );
        return Attributes && recordOf(locator, fromItem(Attributes));
      } catch (error) {
        if (isConditionFailure(error)) return undefined;
        throw error;
      }
    },

    async list(limit, cursor) {
      const start = cursor === undefined ? undefined : readCursor(cursor);
      if (cursor !== undefined && start === undefined) return undefined;
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName,
          IndexName: listIndex,
          KeyConditionExpression: '#listKey = :users',
          ExpressionAttributeNames: { '#listKey': 'listKey' },
          ExpressionAttributeValues: { ':users': { S: enrolledKey } },
          Limit: limit,
          ...(start ? { ExclusiveStartKey: start } : {}),
        }),
      );
      const users = Items.map(fromItem).map(({ pk, userId, contact, enabled }) => ({
        locator: String(pk).replace('user#', ''),
        enrolment: { userId, contact, enabled } as Enrolment,
      }));
      const last = LastEvaluatedKey && [LastEvaluatedKey['pk']?.S, LastEvaluatedKey['userId']?.S];
      return { users, ...(last ? { cursor: Buffer.from(JSON.stringify(last)).toString('base64url') } : {}) };
    },

    async write(before, after) {
      const ttl = after.enrolment ? undefined : Math.floor(now() / 1000) + decoyLifetimeSeconds;
      try {
        if (before.revision === 0)
          await client.send(new PutItemCommand({ TableName, ...firstWrite(after, ttl) }));
        else {
          const update = difference(before, after, ttl);
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

/**
 * `requests` and `guesses` of the challenge and `spent` of the user grow together or not at all. The lock is
 * read off places of `spent`, newest first: fewer than n + 1 attempts lie in the window when place n holds none
 * that recent.
 */
function spendExpression(
  spend: Spend,
  lockout: Policy['lockout'],
  waits: ReturnType<typeof waitTable>,
): Expression {
  const { slot, challengeId, request, guess } = spend;
  const expression = new Expression();
  const challenge = (field: string) => expression.path('challenges', slot, field);
  const spent = expression.path('spent');
  const row = expression.path('row');
  const windowStart = expression.value(guess.at - lockout.windowSeconds * 1000);
  const free = waits.map(({ wrong, waitSeconds }, place) => {
    const few = `(attribute_not_exists(${spent}[${wrong}]) OR ${spent}[${wrong}] <= ${windowStart})`;
    if (waitSeconds === 0) return few;
    const waited = `${spent}[0] <= ${expression.value(guess.at - waitSeconds * 1000)}`;
    return place === waits.length - 1 ? waited : `(${few} AND ${waited})`;
  });
  return expression
    .require(`${challenge('id')} = ${expression.value(challengeId)}`)
    .require(`${challenge('expiresAt')} > ${expression.value(guess.at)}`)
    .require(`size(${challenge('requests')}) < ${challenge('attempts')}`)
    .require(`NOT contains(${challenge('requests')}, ${expression.value(request)})`)
    .require(`${row} < ${expression.value(lockout.attemptsBeforeStop)}`)
    .require(free.join(' OR '))
    .set(challenge('requests'), `list_append(${challenge('requests')}, ${expression.value([request])})`)
    .set(challenge('guesses'), `list_append(${challenge('guesses')}, ${expression.value([guess])})`)
    .set(spent, `list_append(${expression.value([guess.at])}, ${spent})`)
    .set(row, `${row} + ${expression.value(1)}`);
}

function firstWrite(record: UserRecord, ttl: number | undefined) {
  const { locator, revision, enrolment, ...attributes } = record;
  const listed = enrolment && { ...enrolment, listKey: enrolledKey };
  return {
    Item: { ...userKey(locator), ...toItem({ ...attributes, ...listed, revision: revision + 1, ttl }) },
    ConditionExpression: 'attribute_not_exists(pk)',
  };
}

/**
 * Sets what differs. Guarded by `revision`, which every such write raises, and by the length of `spent`, which
 * every spend raises: whoever read before either of them loses.
 */
function difference(before: UserRecord, after: UserRecord, ttl: number | undefined): Expression {
  const expression = new Expression();
  const path = (...segments: string[]) => expression.path(...segments);
  expression
    .require(`${path('revision')} = ${expression.value(before.revision)}`)
    .require(`size(${path('spent')}) = ${expression.value(before.spent.length)}`)
    .set(path('revision'), expression.value(before.revision + 1));
  for (const field of [
    'spent',
    'row',
    'rows',
    'past',
    'replies',
    'notices',
    'writer',
    'enrolment',
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
  if (after.enrolment !== before.enrolment) {
    const listed = after.enrolment && { ...after.enrolment, listKey: enrolledKey };
    for (const field of ['userId', 'contact', 'enabled', 'listKey'] as const) {
      if (listed === undefined) expression.remove(path(field));
      else expression.set(path(field), expression.value(listed[field]));
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
  'sendsInRow',
  'resendAt',
  'settled',
] as const satisfies readonly (keyof OtpChallenge)[];

export function recordOf(locator: string, attributes: Record<string, unknown>): UserRecord {
  const { userId, contact, enabled, ...rest } = attributes as Partial<Enrolment & UserRecord>;
  const enrolment = contact === undefined ? {} : { enrolment: { userId, contact, enabled } as Enrolment };
  return { ...blankRecord(locator), ...rest, ...enrolment, locator };
}

function readCursor(cursor: string): Record<string, AttributeValue> | undefined {
  try {
    const [pk, userId] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    if (typeof pk !== 'string' || typeof userId !== 'string' || !pk.startsWith('user#')) return undefined;
    return { pk: { S: pk }, sk: { S: 'state' }, listKey: { S: enrolledKey }, userId: { S: userId } };
  } catch {
    return undefined;
  }
}
