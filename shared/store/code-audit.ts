/** Generations of backup codes in the table: an item of its own for each user, so that no sign-in has to read it. */
import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import {
  type CodeAudit,
  type EncryptedGeneration,
  generationsKept,
  type KeptGenerations,
  worthKeeping,
} from '../domain/backup-codes/code-audit.ts';
import type { Clock } from '../domain/clock.ts';
import { fromItem } from './attributes.ts';
import { auditKey, Expression, type Table, unlessConditionFails } from './table.ts';
import { decoyLifetimeSeconds } from './user-item.ts';

/** A list is not there before its first entry. */
type Kept = Partial<KeptGenerations>;

export function codeAudit(table: Table, clock: Clock): CodeAudit {
  const { client, name: TableName } = table;
  return {
    async add(locator, generation) {
      const { generations = [] } = (await update(table, locator, addExpression(generation))) ?? {};
      // Cut only at twice the length that is read, so that few generations cost a second write.
      if (generations.length > 2 * generationsKept) await update(table, locator, cutExpression(generations));
    },

    async addRefusal(locator, request, ciphertext) {
      const { refusals = [] } = (await update(table, locator, refusalExpression(request, ciphertext))) ?? {};
      if (refusals.length > 2 * generationsKept) await update(table, locator, cutRefusals(refusals));
    },

    async read(locator) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: auditKey(locator), ConsistentRead: true }),
      );
      const { generations = [], refusals = [] } = Item ? (fromItem(Item) as unknown as Kept) : {};
      return { generations, refusals };
    },

    async forget(locator) {
      const expression = new Expression();
      const ttl = expression.path('ttl');
      const end = expression.value(Math.floor(clock.now() / 1000) + decoyLifetimeSeconds);
      expression
        .require(`attribute_exists(${expression.path('generations')})`)
        .set(ttl, `if_not_exists(${ttl}, ${end})`);
      await update(table, locator, expression);
    },
  };
}

/** The item after the update; `undefined` when the condition does not hold. */
async function update({ client, name: TableName }: Table, locator: string, expression: Expression) {
  const written = await unlessConditionFails(
    client.send(
      new UpdateItemCommand({
        TableName,
        Key: auditKey(locator),
        ...expression.parameters(),
        ReturnValues: 'ALL_NEW',
      }),
    ),
  );
  return written?.Attributes && (fromItem(written.Attributes) as unknown as Kept);
}

/** Puts the generation first. Its batch is remembered, so that a repeated write after a lost reply adds nothing. */
function addExpression(generation: EncryptedGeneration): Expression {
  const expression = new Expression();
  const list = expression.path('generations');
  const last = expression.path('last');
  const batch = expression.value(generation.batch);
  const none = expression.value([]);
  return expression
    .require(`attribute_not_exists(${last}) OR ${last} <> ${batch}`)
    .set(list, `list_append(${expression.value([generation])}, if_not_exists(${list}, ${none}))`)
    .set(last, batch)
    .remove(expression.path('ttl'));
}

/** Puts the refusal first, as a generation is put. */
function refusalExpression(request: string, ciphertext: Uint8Array): Expression {
  const expression = new Expression();
  const list = expression.path('refusals');
  const last = expression.path('lastRefused');
  const none = expression.value([]);
  return expression
    .require(`attribute_not_exists(${last}) OR ${last} <> ${expression.value(request)}`)
    .set(list, `list_append(${expression.value([ciphertext])}, if_not_exists(${list}, ${none}))`)
    .set(last, expression.value(request));
}

/** Holds while nobody added a refusal since the list was read. */
function cutRefusals(refusals: readonly Uint8Array[]): Expression {
  const expression = new Expression();
  const list = expression.path('refusals');
  return expression
    .require(`size(${list}) = ${expression.value(refusals.length)}`)
    .set(list, expression.value(refusals.slice(0, generationsKept)));
}

/** Holds while nobody added a generation since the list was read. */
function cutExpression(generations: readonly EncryptedGeneration[]): Expression {
  const expression = new Expression();
  const list = expression.path('generations');
  return expression
    .require(`size(${list}) = ${expression.value(generations.length)}`)
    .set(list, expression.value(worthKeeping(generations)));
}
