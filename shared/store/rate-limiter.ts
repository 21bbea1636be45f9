/** How many messages went to a destination: one item each, which holds times and no address. */
import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { Unavailable } from '../domain/faults.ts';
import type { RateLimiter } from '../domain/limits/rate-limiter.ts';
import { nextSendAt, type RateWindow, reservedMilliseconds } from '../domain/limits/send-windows.ts';
import { fromItem } from './attributes.ts';
import { destinationKey, Expression, isConditionFailure, type Table } from './table.ts';

const mostRounds = 3; // of counting again what was counted long ago

interface Counter {
  /** Epoch milliseconds, newest first. */
  readonly sent: readonly number[];
  /** What each of them was reserved for, same order. */
  readonly reservations: readonly string[];
}

export function rateLimiter({ client, name: TableName }: Table): RateLimiter {
  const keep = async (destination: string, { sent, reservations }: Counter, most: number) => {
    const cut = new Expression();
    const list = cut.path('sent');
    cut
      .require(`size(${list}) = ${cut.value(sent.length)}`)
      .set(list, cut.value(sent.slice(0, most)))
      .set(cut.path('reservations'), cut.value(reservations.slice(0, most)));
    const parameters = { TableName, Key: destinationKey(destination), ...cut.parameters() };
    await client.send(new UpdateItemCommand(parameters)).catch((error) => {
      if (!isConditionFailure(error)) throw error;
    });
  };

  return {
    async reserve(destination, reservation, now, windows) {
      const Key = destinationKey(destination);
      let stale: number | undefined;
      for (let round = 0; round < mostRounds; round += 1) {
        const update = reserveExpression(reservation, now, windows, stale);
        try {
          const { Attributes } = await client.send(
            new UpdateItemCommand({ TableName, Key, ...update.parameters(), ReturnValues: 'ALL_NEW' }),
          );
          const counter = fromItem(Attributes ?? {}) as unknown as Counter;
          // No window counts further back; cut at twice as many, so that few sends pay for it.
          const most = Math.max(...windows.map(({ limit }) => limit));
          if (counter.sent.length > 2 * most) await keep(destination, counter, most);
          return 'reserved';
        } catch (error) {
          if (!isConditionFailure(error)) throw error;
        }
        const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
        const { sent = [], reservations = [] } = Item ? (fromItem(Item) as unknown as Partial<Counter>) : {};
        const place = reservations.indexOf(reservation);
        if (place >= 0 && (sent[place] as number) > now - reservedMilliseconds) return 'reserved';
        const retryAt = nextSendAt(sent, windows);
        if (place < 0 || retryAt > now) return { retryAt: Math.max(now + 1000, retryAt) };
        // The reservation was counted too long ago to pay for a message now, and there is room: count it again, on the
        // condition that nobody else was counted since this read.
        stale = sent.length;
      }
      throw new Unavailable('raced-counter');
    },
  };
}

/** @param stale how many there are, where the reservation is among them and no longer counts */
function reserveExpression(
  reservation: string,
  now: number,
  windows: readonly RateWindow[],
  stale: number | undefined,
): Expression {
  const expression = new Expression();
  const sent = expression.path('sent');
  const reservations = expression.path('reservations');
  const none = expression.value([]);
  const prepended = (list: string, value: unknown) =>
    `list_append(${expression.value([value])}, if_not_exists(${list}, ${none}))`;
  const longest = Math.max(...windows.map(({ milliseconds }) => milliseconds));
  for (const { limit, milliseconds } of windows) {
    const oldest = `${sent}[${limit - 1}]`;
    expression.require(
      `attribute_not_exists(${oldest}) OR ${oldest} <= ${expression.value(now - milliseconds)}`,
    );
  }
  return expression
    .require(
      stale === undefined
        ? `NOT contains(${reservations}, ${expression.value(reservation)})`
        : `size(${sent}) = ${expression.value(stale)}`,
    )
    .set(sent, prepended(sent, now))
    .set(reservations, prepended(reservations, reservation))
    .set(expression.path('ttl'), expression.value(Math.ceil((now + longest) / 1000)));
}
