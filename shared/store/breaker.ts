/** The breaker’s items: outcomes of an hour, in a few shares, and the switch of each country. */
import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { newRequestId } from '../domain/identifiers/request-id.ts';
import type { BreakerStage, BreakerStore, Outcomes } from '../domain/limits/circuit-breaker.ts';
import { fromItem } from './attributes.ts';
import { breakerKey, Expression, isConditionFailure, outcomesKey, type Table } from './table.ts';

/** Each share is a sample of its own, judged by itself: four items take four thousand outcomes a second. */
const shards = 4;
const keptSeconds = 86_400;

interface Switch {
  readonly stage: BreakerStage;
  /** Epoch milliseconds. */
  readonly until: number;
}

export function breakerStore({ client, name: TableName }: Table): BreakerStore {
  return {
    async stage(country, now) {
      const { Item } = await client.send(new GetItemCommand({ TableName, Key: breakerKey(country) }));
      const thrown = Item && (fromItem(Item) as unknown as Switch);
      return thrown !== undefined && thrown.until > now ? thrown.stage : 'free';
    },

    async count(country, hour, verified, now) {
      const shard = Math.floor(Math.random() * shards); // a sample, and no secret
      const expression = new Expression();
      const none = expression.value(0);
      const add = (name: string, more: number) => {
        const path = expression.path(name);
        expression.set(path, `if_not_exists(${path}, ${none}) + ${expression.value(more)}`);
      };
      add('known', 1);
      add('verified', verified ? 1 : 0);
      expression.set(expression.path('ttl'), expression.value(Math.ceil(now / 1000) + keptSeconds));
      const { Attributes } = await client.send(
        new UpdateItemCommand({
          TableName,
          Key: outcomesKey(country, shard, hour),
          ...expression.parameters(),
          ReturnValues: 'ALL_NEW',
        }),
      );
      return fromItem(Attributes ?? {}) as unknown as Outcomes;
    },

    async trip(country, stage, now, until) {
      const expression = new Expression();
      const [thrown, end] = [expression.path('stage'), expression.path('until')];
      const over = `attribute_not_exists(${end}) OR ${end} <= ${expression.value(now)}`;
      const [thrower, own] = [expression.path('thrower'), expression.value(newRequestId())];
      const further = stage === 'stopped' ? ` OR ${thrown} = ${expression.value('email')}` : '';
      // When the SDK repeats this write after a lost reply, it finds the switch thrown by itself: a success.
      const same = ` OR ${thrower} = ${own}`;
      expression
        .require(`${over}${further}${same}`)
        .set(thrower, own)
        .set(thrown, expression.value(stage))
        .set(end, expression.value(until))
        .set(expression.path('ttl'), expression.value(Math.ceil(until / 1000) + keptSeconds));
      try {
        await client.send(
          new UpdateItemCommand({ TableName, Key: breakerKey(country), ...expression.parameters() }),
        );
        return true;
      } catch (error) {
        if (isConditionFailure(error)) return false;
        throw error;
      }
    },
  };
}
