/** How often messages may be sent: the resend cooldown of a challenge, and the windows of the rate limiter. */
import { anonymousDoor } from '../identifiers/client.ts';
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

/** Where nobody has shown a password: what a person needs who mistypes, and little for who knows a name. */
const anonymousPerDay = 5;

/**
 * The rolling window of one door of a user, of messages whose codes were not used. The policy gives it a share
 * (`doorShare`), so that nobody at one door uses up what others need; an anonymous door has few.
 *
 * @param door see `doorOf`
 */
export function doorWindows({ perUserPerDay, doorShare }: Rules, door: string): readonly RateWindow[] {
  const share = Math.max(1, Math.floor(perUserPerDay * doorShare));
  const limit = door === anonymousDoor ? Math.min(anonymousPerDay, share) : share;
  return [{ limit, milliseconds: 86_400_000 }];
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
