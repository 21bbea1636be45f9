/** How many calls may be open at a time: what is above, the carrier would take and end in a busy tone. */

/**
 * Milliseconds that a call counts as open. It rings for 25 seconds at most, and whoever presses the key hears the code
 * three times; all but few are over by then. When a call really ends, nobody tells the worker.
 */
export const openMilliseconds = 60_000;

export interface OpenCalls {
  /**
   * Counts a call as open from now on; `false` if as many are open as may be. The same delivery counts once. Racing calls
   * never exceed the bound. One write, and a read more where there is no room.
   */
  take(deliveryId: string, now: number): Promise<boolean>;
  /** Whether a call would find room; counts nothing. One read. */
  hasRoom(now: number): Promise<boolean>;
}
