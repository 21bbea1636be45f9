/** Waits until a status tells all that it will, so that how long the measurement itself takes is not compared. */
import type { MeasuredStack } from '../inside/stack.ts';

/** Seconds for which a message is said to be queued, whatever became of it, and a little more. */
export const disclosedAfter = 4;

/** Every message is handled, and that is told. */
export async function untilTold(stack: MeasuredStack): Promise<void> {
  await stack.settled();
  await stack.advance(disclosedAfter);
}
