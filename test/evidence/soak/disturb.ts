/** What goes wrong meanwhile: faults of every service at the wire, instances that end, a clock that jumps. */
import type { FaultOrder } from '../../../infra/local/console/local-input.ts';
import type { MeasuredStack } from '../inside/stack.ts';
import type { Journal } from './client.ts';

const services = [
  'dynamodb',
  'dynamodb',
  'sqs',
  'sns',
  'ses',
  'connect',
  'kms',
  'states',
] as const satisfies FaultOrder['service'][];
const faults = [
  'throttle',
  'error',
  'timeout',
  'lost-reply',
  'lost-reply',
] as const satisfies FaultOrder['fault'][];

/** @returns how many disturbances there were: requests that were made to fail, kills and jumps. */
export async function disturb(
  stack: MeasuredStack,
  journal: Journal,
  random: () => number,
  until: number,
): Promise<number> {
  let count = 0;
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  while (Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 150 + random() * 500));
    const which = random();
    if (which < 0.7) {
      const fault = pick(faults);
      const failing = fault === 'timeout' ? 1 : 1 + Math.floor(random() * 5);
      count += failing;
      await stack.fault(pick(services), fault, failing);
    } else if (which < 0.73) {
      count += 10; // whatever was under way at that moment
      await journal.kill();
    } else if (which < 0.99) {
      count += 10;
      await journal.advance(Math.ceil(random() * 140));
    } else {
      count += 10;
      await journal.advance(3_600 * Math.ceil(random() * 26));
    }
  }
  await stack.clearFaults();
  return count;
}
