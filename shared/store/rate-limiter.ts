/** The rate limiter in the table: one item per destination, which holds times but no address. */
import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { Unavailable } from '../domain/faults.ts';
import type { RateLimiter } from '../domain/limits/rate-limiter.ts';
import { nextSendAt, type RateWindow, reservedMilliseconds } from '../domain/limits/send-windows.ts';
import { fromItem } from './attributes.ts';
import { destinationKey, Expression, type Table, unlessConditionFails } from './table.ts';

const mostRounds = 3;

interface Counter {
  /** Epoch milliseconds, newest first. */
  readonly sent: readonly number[];
  /** The reservation behind each of them, in the same order. */
  readonly reservations: readonly string[];
}

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: the methods of one port, each of them short
export function rateLimiter({ client, name: TableName }: Table): RateLimiter {
  /** Cuts the lists to the newest `most`, unless somebody was counted since they were read. */
  const cutTo = async (most: number, destination: string, { sent, reservations }: Counter) => {
    const cut = new Expression();
    const list = cut.path('sent');
    cut
      .require(`size(${list}) = ${cut.value(sent.length)}`)
      .set(list, cut.value(sent.slice(0, most)))
      .set(cut.path('reservations'), cut.value(reservations.slice(0, most)));
    const parameters = { TableName, Key: destinationKey(destination), ...cut.parameters() };
    await unlessConditionFails(client.send(new UpdateItemCommand(parameters)));
  };

  const count = async (
    destination: string,
    reservation: string,
    now: number,
    windows: readonly RateWindow[],
    { stale, counts = true }: { readonly stale?: number | undefined; readonly counts?: boolean } = {},
  ): Promise<boolean> => {
    const Key = destinationKey(destination);
    const update = counts
      ? reserveExpression(reservation, now, windows, stale)
      : meetExpression(reservation, now, windows);
    const counted = await unlessConditionFails(
      client.send(new UpdateItemCommand({ TableName, Key, ...update.parameters(), ReturnValues: 'ALL_NEW' })),
    );
    if (counted === undefined) return false;
    const counter = fromItem(counted.Attributes ?? {}) as unknown as Counter;
    // No window counts further back. Cutting only at twice the length keeps the second write rare.
    const most = Math.max(...windows.map(({ limit }) => limit));
    if (counts && counter.sent.length > 2 * most) await cutTo(most, destination, counter);
    return true;
  };

  return {
    tryReserve: (destination, reservation, now, windows, counts = true) =>
      count(destination, reservation, now, windows, { counts }),

    async reserve(destination, reservation, now, windows) {
      const Key = destinationKey(destination);
      let stale: number | undefined;
      for (let round = 0; round < mostRounds; round += 1) {
        if (await count(destination, reservation, now, windows, { stale })) return 'reserved';
        const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
        const { sent = [], reservations = [] } = Item ? (fromItem(Item) as unknown as Partial<Counter>) : {};
        const place = reservations.indexOf(reservation);
        if (place >= 0 && (sent[place] as number) > now - reservedMilliseconds) return 'reserved';
        const retryAt = nextSendAt(sent, windows);
        if (place < 0 || retryAt > now) return { retryAt: Math.max(now + 1000, retryAt) };
        // The reservation was counted too long ago to cover a message now, and there is room. Count it again, unless
        // somebody else was counted since this read.
        stale = sent.length;
      }
      throw new Unavailable('raced-counter');
    },

    async clear(destination) {
      const clear = new Expression();
      const list = clear.path('sent');
      clear
        .require(`attribute_exists(${list})`)
        .set(list, clear.value([]))
        .set(clear.path('reservations'), clear.value([]));
      const parameters = { TableName, Key: destinationKey(destination), ...clear.parameters() };
      await unlessConditionFails(client.send(new UpdateItemCommand(parameters)));
    },

    async release(destination, reservation) {
      const Key = destinationKey(destination);
      for (let round = 0; round < mostRounds; round += 1) {
        const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
        const { reservations = [] } = Item ? (fromItem(Item) as unknown as Partial<Counter>) : {};
        const place = reservations.indexOf(reservation);
        if (place < 0) return;
        const update = new Expression();
        const [sent, reserved] = [
          `${update.path('sent')}[${place}]`,
          `${update.path('reservations')}[${place}]`,
        ];
        update
          .require(`${reserved} = ${update.value(reservation)}`)
          .remove(sent)
          .remove(reserved);
        const parameters = { TableName, Key, ...update.parameters() };
        if (await unlessConditionFails(client.send(new UpdateItemCommand(parameters)))) return;
      }
      throw new Unavailable('raced-counter');
    },
  };
}

/**
 * Counts a message if no window is full: the list is newest first, so a window of `limit` has room when item
 * `limit - 1` is missing or too old.
 *
 * @param stale length of the list, if the reservation is in it but was counted too long ago; then the write counts it
 * again while the list still has that length
 */
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
  return withRoom(expression, now, windows)
    .require(
      stale === undefined
        ? `NOT contains(${reservations}, ${expression.value(reservation)})`
        : `size(${sent}) = ${expression.value(stale)}`,
    )
    .set(sent, prepended(sent, now))
    .set(reservations, prepended(reservations, reservation));
}

/** Writes who met the limit last, and nothing that counts. */
function meetExpression(reservation: string, now: number, windows: readonly RateWindow[]): Expression {
  const expression = new Expression();
  return withRoom(expression, now, windows).set(expression.path('met'), expression.value(reservation));
}

/** The condition that no window is full, and how long the item is kept. */
function withRoom(expression: Expression, now: number, windows: readonly RateWindow[]): Expression {
  const sent = expression.path('sent');
  const longest = Math.max(...windows.map(({ milliseconds }) => milliseconds));
  for (const { limit, milliseconds } of windows) {
    const oldest = `${sent}[${limit - 1}]`;
    expression.require(
      `attribute_not_exists(${oldest}) OR ${oldest} <= ${expression.value(now - milliseconds)}`,
    );
  }
  return expression.set(expression.path('ttl'), expression.value(Math.ceil((now + longest) / 1000)));
}
