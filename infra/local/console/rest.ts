/** Whether the local stack has come to rest, for tests that look at what a request leaves behind. */
import { setTimeout as delay } from 'node:timers/promises';

const betweenLooksMilliseconds = 5;
/** Between two steps of a workflow, or before a queue gives out a message, nothing is at work for some milliseconds. */
const looksInARow = 6;

/**
 * Resolves with true once no function is at work and no AWS service is asked for anything, for some 30 ms.
 *
 * @param asked what was asked for so far: any text that another request changes
 * @returns false when the signal came first
 */
export async function comesToRest(
  running: () => number,
  asked: () => string,
  signal: AbortSignal,
): Promise<boolean> {
  let before = asked();
  for (let looks = 0; looks < looksInARow; ) {
    if (signal.aborted) return false;
    await delay(betweenLooksMilliseconds);
    const now = asked();
    looks = running() === 0 && now === before ? looks + 1 : 0;
    before = now;
  }
  return true;
}
