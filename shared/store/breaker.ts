/** The circuit breaker in the table: outcomes counted by country and hour, and the stage each country is in. */
import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { newRequestId } from '../domain/identifiers/request-id.ts';
import type { BreakerStage, BreakerStore, Outcomes } from '../domain/limits/circuit-breaker.ts';
import { fromItem } from './attributes.ts';
import { breakerKey, Expression, outcomesKey, type Table, unlessConditionFails } from './table.ts';

/**
 * DynamoDB takes a thousand writes a second to one item, so four items take four thousand outcomes. Each is a random
 * sample of its country's outcomes, and the breaker judges it by itself.
 */
const shards = 4;
const keptSeconds = 86_400;

/** The stage that a country was moved to, and until when. */
interface Tripped {
  readonly stage: BreakerStage;
  /** Epoch milliseconds. */
  readonly until: number;
}

export function breakerStore({ client, name: TableName }: Table): BreakerStore {
  return {
    async stage(country, now) {
      const { Item } = await client.send(new GetItemCommand({ TableName, Key: breakerKey(country) }));
      const tripped = Item && (fromItem(Item) as unknown as Tripped);
      return tripped !== undefined && tripped.until > now ? tripped.stage : 'free';
    },

    async count(country, hour, verified, now) {
      const shard = Math.floor(Math.random() * shards); // not a secret
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
      const [current, end] = [expression.path('stage'), expression.path('until')];
      const over = `attribute_not_exists(${end}) OR ${end} <= ${expression.value(now)}`;
      const [writer, own] = [expression.path('thrower'), expression.value(newRequestId())];
      const further = stage === 'stopped' ? ` OR ${current} = ${expression.value('email')}` : '';
      // If the reply is lost, the SDK repeats this write. The id shows that the stage was set by this very call.
      const same = ` OR ${writer} = ${own}`;
      expression
        .require(`${over}${further}${same}`)
        .set(writer, own)
        .set(current, expression.value(stage))
        .set(end, expression.value(until))
        .set(expression.path('ttl'), expression.value(Math.ceil(until / 1000) + keptSeconds));
      const update = new UpdateItemCommand({
        TableName,
        Key: breakerKey(country),
        ...expression.parameters(),
      });
      return (await unlessConditionFails(client.send(update))) !== undefined;
    },
  };
}
