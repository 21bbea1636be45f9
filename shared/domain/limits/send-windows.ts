/** How often messages may be sent: the resend cooldown of a challenge, and the windows of the rate limiter. */
import type { Policy } from '../policy/policy.ts';

type Rules = Policy['sends'];

/**
 * How long a reservation counts only once. A client that repeats a request after a fault, or a worker that retries a
 * message, mostly does so within this minute and under the same reservation. A later repetition is counted again. So a
 * message may stand in the windows up to a minute too early.
 */
export const reservedMilliseconds = 60_000;

/** The resend cooldown after `sends` messages without a success. */
export function resendCooldownMilliseconds(sends: number, rules: Rules): number {
  const seconds = rules.gapsSeconds[Math.min(sends, rules.gapsSeconds.length) - 1] ?? 0;
  return seconds * 1000;
}

export interface RateWindow {
  readonly limit: number;
  readonly milliseconds: number;
}

/** The rolling windows of a destination. */
export function sendWindows(rules: Rules): readonly RateWindow[] {
  return [
    { limit: rules.perTenMinutes, milliseconds: 600_000 },
    { limit: rules.perHour, milliseconds: 3_600_000 },
    { limit: rules.perDay, milliseconds: 86_400_000 },
  ];
}

/** The rolling window of a user, over all destinations and clients. */
export function userWindows(rules: Rules): readonly RateWindow[] {
  return [{ limit: rules.perUserPerDay, milliseconds: 86_400_000 }];
}

/** The rolling window of one door of a user: two thirds, so that nobody at one door uses up what others need. */
export function doorWindows({ perUserPerDay, doorShare }: Rules): readonly RateWindow[] {
  return [{ limit: Math.max(1, Math.floor(perUserPerDay * doorShare)), milliseconds: 86_400_000 }];
}

/**
 * When the next message is allowed, in epoch milliseconds; a time in the past if it is allowed now.
 *
 * @param sent epoch milliseconds, newest first
 */
export function nextSendAt(sent: readonly number[], windows: readonly RateWindow[]): number {
  const free = windows.map(({ limit, milliseconds }) => {
    const oldest = sent[limit - 1];
    return oldest === undefined ? 0 : oldest + milliseconds;
  });
  return Math.max(...free);
}
