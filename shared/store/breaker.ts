/** The circuit breaker in the table: what became of each number, counts by breaker and hour, and each breaker's stage. */
import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { newRequestId } from '../domain/identifiers/request-id.ts';
import type { BreakerStage, BreakerStore, Outcomes } from '../domain/limits/circuit-breaker.ts';
import { fromItem } from './attributes.ts';
import { breakerKey, Expression, numberKey, outcomesKey, type Table, unlessConditionFails } from './table.ts';

const keptSeconds = 86_400;
/** Longer than a number that verified goes on while a breaker holds. */
const numberKeptSeconds = 31 * 86_400;

/** The stage that a breaker was moved to, and until when. */
interface Tripped {
  readonly stage: BreakerStage;
  /** Epoch milliseconds. */
  readonly until: number;
}

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: the methods of one port, each of them short
export function breakerStore({ client, name: TableName }: Table): BreakerStore {
  return {
    async stage(breaker, now) {
      const { Item } = await client.send(new GetItemCommand({ TableName, Key: breakerKey(breaker) }));
      const tripped = Item && (fromItem(Item) as unknown as Tripped);
      return tripped !== undefined && tripped.until > now ? tripped.stage : 'free';
    },

    async note(breaker, hour, destination, verified, now) {
      const expression = new Expression();
      const [noted, good] = [expression.path(`hour ${breaker}`), expression.path(`good ${breaker}`)];
      const own = expression.value(hour);
      const isBetter = verified ? ` OR ${good} = ${expression.value(false)}` : '';
      expression
        .require(`attribute_not_exists(${noted}) OR ${noted} <> ${own}${isBetter}`)
        .set(noted, own)
        .set(good, expression.value(verified))
        .set(expression.path('ttl'), expression.value(Math.ceil(now / 1000) + numberKeptSeconds));
      if (verified) expression.set(expression.path('verifiedAt'), expression.value(now));
      const Key = numberKey(destination);
      const update = { TableName, Key, ...expression.parameters(), ReturnValues: 'UPDATED_OLD' } as const;
      const written = await unlessConditionFails(client.send(new UpdateItemCommand(update)));
      if (written === undefined) return { known: 0, verified: 0 };
      const wasKnown = fromItem(written.Attributes ?? {})[`hour ${breaker}`] === hour;
      return { known: wasKnown ? 0 : 1, verified: verified ? 1 : 0 };
    },

    async hasVerifiedSince(destination, since) {
      const { Item } = await client.send(new GetItemCommand({ TableName, Key: numberKey(destination) }));
      return Number((Item && fromItem(Item)['verifiedAt']) ?? 0) > since;
    },

    async count(breaker, hour, more, now) {
      const expression = new Expression();
      const none = expression.value(0);
      for (const name of ['known', 'verified'] as const) {
        const path = expression.path(name);
        expression.set(path, `if_not_exists(${path}, ${none}) + ${expression.value(more[name])}`);
      }
      expression.set(expression.path('ttl'), expression.value(Math.ceil(now / 1000) + keptSeconds));
      const { Attributes } = await client.send(
        new UpdateItemCommand({
          TableName,
          Key: outcomesKey(breaker, hour),
          ...expression.parameters(),
          ReturnValues: 'ALL_NEW',
        }),
      );
      return fromItem(Attributes ?? {}) as unknown as Outcomes;
    },

    async trip(breaker, stage, now, until) {
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
        Key: breakerKey(breaker),
        ...expression.parameters(),
      });
      return (await unlessConditionFails(client.send(update))) !== undefined;
    },
  };
}
