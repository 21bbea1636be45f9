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
import type { Clock, Spend, UserStore } from '../domain/ports.ts';
import { isUserId } from '../domain/user-id.ts';
import { blankRecord, type Enrolment, type OtpChallenge, type UserRecord } from '../domain/user-record.ts';
import { Expression, fromItem, isConditionFailure, type Table, toItem, userKey } from './table.ts';

/** A name nobody is enrolled under is forgotten after so long without a start. */
export const decoyLifetimeSeconds = 90 * 86_400;

/** The enrolled, and nobody else, are in one partition of a sparse index, by name. */
const listIndex = 'users';
const enrolledKey = 'users';

/**
 * The record of a name that nobody is enrolled under holds this in place of a contact: what DynamoDB answers is as
 * long then, and takes as long to read.
 */
const nobody = { filler: new Uint8Array(240) };

type WaitTable = ReturnType<typeof waitTable>;

export function userStore(table: Table, policy: Policy, clock: Clock): UserStore {
  const { client, name: TableName } = table;
  const waits = waitTable(policy.lockout);

  return {
    async read(locator) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: userKey(locator), ConsistentRead: true }),
      );
      return Item && recordOf(locator, fromItem(Item));
    },

    async spend(locator, spend) {
      const update = spendExpression(spend, policy, waits);
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
      const ttl = after.enrolment ? undefined : Math.floor(clock.now() / 1000) + decoyLifetimeSeconds;
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
 * `requests` and `guesses` of what is guessed at and `spent` of the user grow together or not at all. The lock
 * is read off places of `spent`, newest first: fewer than n + 1 attempts lie in the window when place n holds
 * none that recent.
 */
function spendExpression(
  { on, request, guess, newestKey }: Spend,
  { lockout, kba }: Policy,
  waits: WaitTable,
): Expression {
  const expression = new Expression();
  const place = on.kind === 'codeAttempts' ? [on.kind] : [on.kind, on.slot];
  const field = (name: string) => expression.path(...place, name);
  const [spent, row] = [expression.path('spent'), expression.path('row')];
  const before = (seconds: number) => expression.value(guess.at - seconds * 1000);
  const fewer = (list: string, than: number, since: string) =>
    `attribute_not_exists(${list}[${than}]) OR ${list}[${than}] <= ${since}`;
  const windowStart = before(lockout.windowSeconds);
  // Written out without inner brackets, `AND` before `OR`: some engines take exponentially long to read nested ones.
  const free = waits.flatMap(({ wrong, waitSeconds }, index) => {
    const few = [`attribute_not_exists(${spent}[${wrong}])`, `${spent}[${wrong}] <= ${windowStart}`];
    if (waitSeconds === 0) return few;
    const waited = `${spent}[0] <= ${before(waitSeconds)}`;
    return index === waits.length - 1 ? [waited] : few.map((condition) => `${condition} AND ${waited}`);
  });
  if (on.kind !== 'codeAttempts') {
    expression
      .require(`${field('id')} = ${expression.value(on.challengeId)}`)
      .require(`${field('expiresAt')} > ${expression.value(guess.at)}`)
      .require(`size(${field('requests')}) < ${field('attempts')}`);
  }
  if (on.kind === 'kbaChallenges') {
    const tries = expression.path('kbaTries');
    expression
      .require(`attribute_not_exists(${field('verified')})`)
      .require(fewer(tries, kba.tries - 1, before(kba.windowSeconds)))
      .set(tries, `list_append(${expression.value([guess.at])}, ${tries})`);
  }
  const known = expression.path('newestKey');
  expression.require(`attribute_not_exists(${known}) OR ${known} <= ${expression.value(newestKey)}`);
  // Never lowered: while a newer key is known and not yet used, the record says nothing of this guess.
  if (guess.key === newestKey) expression.set(known, expression.value(newestKey));
  return expression
    .require(`NOT contains(${field('requests')}, ${expression.value(request)})`)
    .require(`${row} < ${expression.value(lockout.attemptsBeforeStop)}`)
    .require(free.join(' OR '))
    .set(field('requests'), `list_append(${field('requests')}, ${expression.value([request])})`)
    .set(field('guesses'), `list_append(${field('guesses')}, ${expression.value([guess])})`)
    .set(spent, `list_append(${expression.value([guess.at])}, ${spent})`)
    .set(row, `${row} + ${expression.value(1)}`);
}

function firstWrite(record: UserRecord, ttl: number | undefined) {
  const { locator, revision, enrolment, ...attributes } = record;
  const listed = enrolment ? { ...enrolment, listKey: enrolledKey } : nobody;
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
    'newestKey',
    'spent',
    'row',
    'rows',
    'past',
    'replies',
    'notices',
    'writer',
    'kbaTries',
    'securityQuestions',
    'codeAttempts',
    'codeBatches',
    'generations',
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
  if (after.enrolment !== before.enrolment) {
    const listed: Readonly<Record<string, unknown>> =
      after.enrolment === undefined ? nobody : { ...after.enrolment, listKey: enrolledKey };
    for (const field of ['userId', 'contact', 'enabled', 'listKey', 'filler']) {
      if (listed[field] === undefined) expression.remove(path(field));
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
  'unanswered',
  'sendsInRow',
  'resendAt',
  'settled',
] as const satisfies readonly (keyof OtpChallenge)[];

export function recordOf(locator: string, attributes: Record<string, unknown>): UserRecord {
  const { userId, contact, enabled, ...rest } = attributes as Partial<Enrolment & UserRecord>;
  const enrolment = contact === undefined ? {} : { enrolment: { userId, contact, enabled } as Enrolment };
  return { ...blankRecord(locator), ...rest, ...enrolment, locator };
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
