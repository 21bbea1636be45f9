/** The open calls in the table: one item with the times of the last ones, which holds no number. */
import { createHash } from 'node:crypto';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { type OpenCalls, openMilliseconds } from '../domain/delivery/open-calls.ts';
import { nextSendAt } from '../domain/limits/send-windows.ts';
import { fromItem } from './attributes.ts';
import { rateLimiter } from './rate-limiter.ts';
import { destinationKey, type Table } from './table.ts';

/** No destination's: those are HMACs. */
const counter = 'calls';

/** @param atOnce how many may be open */
export function openCalls(table: Table, atOnce: number): OpenCalls {
  const windows = [{ limit: atOnce, milliseconds: openMilliseconds }];
  const limiter = rateLimiter(table);
  return {
    async take(deliveryId, now) {
      return (await limiter.reserve(counter, shortened(deliveryId), now, windows)) === 'reserved';
    },
    async hasRoom(now) {
      const request = new GetItemCommand({
        TableName: table.name,
        Key: destinationKey(counter),
        ConsistentRead: true,
      });
      const { Item } = await table.client.send(request);
      const { sent = [] } = Item ? (fromItem(Item) as { sent?: readonly number[] }) : {};
      return nextSendAt(sent, windows) <= now;
    },
  };
}

/** The item is written for each call, and DynamoDB bills it by the kilobyte. */
const shortened = (deliveryId: string): string =>
  createHash('sha256').update(deliveryId).digest('base64url').slice(0, 16);
