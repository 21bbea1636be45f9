/** Counters of sends and of other acts, as rolling windows. */
import type { RateWindow } from './send-windows.ts';

export interface RateLimiter {
  /**
   * Counts one send to a destination unless a window is full. The same `reservation` counts once within
   * `reservedMilliseconds`, so that racing or repeated starts of one challenge pay for one message.
   * Resolves to when the next send is allowed if this one is not.
   */
  reserve(
    destination: string,
    reservation: string,
    now: number,
    windows: readonly RateWindow[],
  ): Promise<'reserved' | { readonly retryAt: number }>;
}
