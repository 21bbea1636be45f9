/** The rate limiter as the domain sees it: counts messages, and other acts, in rolling windows. */
import type { RateWindow } from './send-windows.ts';

export interface RateLimiter {
  /**
   * Counts one message to a destination unless a window is full. The same `reservation` counts once within
   * `reservedMilliseconds`, so that racing or repeated starts of one challenge count as one message.
   *
   * @param destination what is limited: the HMAC of an address, a user, an operator or a client
   * @returns `'reserved'`, or when the next message is allowed, in epoch milliseconds
   * @throws {Unavailable} after losing too many races in a row
   */
  reserve(
    destination: string,
    reservation: string,
    now: number,
    windows: readonly RateWindow[],
  ): Promise<'reserved' | { readonly retryAt: number }>;
  /**
   * The same in one request. `false` may also mean that this reservation was counted before; `reserve` can tell.
   *
   * @param counts `false`: meets the limit and leaves no count, by a write that takes as long
   */
  tryReserve(
    destination: string,
    reservation: string,
    now: number,
    windows: readonly RateWindow[],
    counts?: boolean,
  ): Promise<boolean>;
  /** Forgets all that was counted: whoever is responsible said so, and it is in the log. */
  clear(destination: string): Promise<void>;
  /** Takes back what was counted under this reservation: it was refused for another reason. */
  release(destination: string, reservation: string): Promise<void>;
}
