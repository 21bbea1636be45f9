/** How often messages may leave: the gap between two sends of a challenge, and the limits of a destination. */
import type { Policy } from '../policy/policy.ts';

type Rules = Policy['sends'];

/**
 * Milliseconds for which a reservation counts once. A client that repeats a request after a fault, or a worker that
 * repeats a message, mostly does so within this minute and names the same reservation, so the repetition is not
 * counted again; a later one is. What a repetition sends therefore stands in the windows up to a minute too early.
 */
export const reservedMilliseconds = 60_000;

/** Milliseconds until the next send after `sends` of them went without a success. */
export function resendCooldownMilliseconds(sends: number, rules: Rules): number {
  const gap = rules.gapsSeconds[Math.min(sends, rules.gapsSeconds.length) - 1] ?? 0;
  return gap * 1000;
}

export interface RateWindow {
  readonly limit: number;
  readonly milliseconds: number;
}

/** Rolling windows, each of which may hold at most so many sends to one destination. */
export function sendWindows(rules: Rules): readonly RateWindow[] {
  return [
    { limit: rules.perTenMinutes, milliseconds: 600_000 },
    { limit: rules.perHour, milliseconds: 3_600_000 },
    { limit: rules.perDay, milliseconds: 86_400_000 },
  ];
}

/** Rolling, over all destinations and clients of one user. */
export function userWindows(rules: Rules): readonly RateWindow[] {
  return [{ limit: rules.perUserPerDay, milliseconds: 86_400_000 }];
}

/** When the next send to a destination is allowed; `sent` in epoch milliseconds, newest first. */
export function nextSendAt(sent: readonly number[], windows: readonly RateWindow[]): number {
  const free = windows.map(({ limit, milliseconds }) => {
    const oldest = sent[limit - 1];
    return oldest === undefined ? 0 : oldest + milliseconds;
  });
  return Math.max(...free);
}
