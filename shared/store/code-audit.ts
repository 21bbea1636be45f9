/** Generations of backup codes in the table: an item of its own for each user, so that no sign-in carries it along. */
import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import {
  type CodeAudit,
  generationsKept,
  type SealedGeneration,
  worthKeeping,
} from '../domain/backup-codes/code-audit.ts';
import type { Clock } from '../domain/clock.ts';
import { fromItem } from './attributes.ts';
import { auditKey, Expression, isConditionFailure, type Table } from './table.ts';
import { decoyLifetimeSeconds } from './user-item.ts';

interface Kept {
  /** Newest first. */
  readonly generations: readonly SealedGeneration[];
}

export function codeAudit({ client, name: TableName }: Table, clock: Clock): CodeAudit {
  const update = async (locator: string, expression: Expression) => {
    try {
      const { Attributes } = await client.send(
        new UpdateItemCommand({
          TableName,
          Key: auditKey(locator),
          ...expression.parameters(),
          ReturnValues: 'ALL_NEW',
        }),
      );
      return Attributes && (fromItem(Attributes) as unknown as Kept);
    } catch (error) {
      if (isConditionFailure(error)) return undefined;
      throw error;
    }
  };

  return {
    async add(locator, generation) {
      const expression = new Expression();
      const list = expression.path('generations');
      const last = expression.path('last');
      const batch = expression.value(generation.batch);
      const none = expression.value([]);
      expression
        .require(`attribute_not_exists(${last}) OR ${last} <> ${batch}`)
        .set(list, `list_append(${expression.value([generation])}, if_not_exists(${list}, ${none}))`)
        .set(last, batch)
        .remove(expression.path('ttl'));
      const { generations = [] } = (await update(locator, expression)) ?? {};
      // Cut at twice as many as are read, so that few generations pay for it.
      if (generations.length <= 2 * generationsKept) return;
      const cut = new Expression();
      const longer = cut.path('generations');
      await update(
        locator,
        cut
          .require(`size(${longer}) = ${cut.value(generations.length)}`)
          .set(longer, cut.value(worthKeeping(generations))),
      );
    },

    async read(locator) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: auditKey(locator), ConsistentRead: true }),
      );
      return Item ? (fromItem(Item) as unknown as Kept).generations : [];
    },

    async forget(locator) {
      const expression = new Expression();
      const ttl = expression.path('ttl');
      const end = expression.value(Math.floor(clock.now() / 1000) + decoyLifetimeSeconds);
      await update(
        locator,
        expression
          .require(`attribute_exists(${expression.path('generations')})`)
          .set(ttl, `if_not_exists(${ttl}, ${end})`),
      );
    },
  };
}
