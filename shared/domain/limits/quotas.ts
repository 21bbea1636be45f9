/** The quotas of a deployment: how many messages a block of numbers, a country, a client and a channel may get. */
import { hmac128, type Keyring } from '../crypto/keyring.ts';
import { isAnonymous } from '../identifiers/client.ts';
import type { Method, Policy } from '../policy/policy.ts';

export type QuotaName = 'prefix' | 'country' | 'client' | 'channel';

/** A number of messages in a fixed span of time. */
export interface Quota {
  readonly name: QuotaName;
  /** What it applies to: a country, a client, a channel, or the HMAC of a block of numbers. */
  readonly of: string;
  /** The span, for example `2026-01-31` or `2026-01-31T09`. */
  readonly span: string;
  /** Epoch milliseconds. */
  readonly endsAt: number;
  readonly ceiling: number;
  /** How many of the ceiling this message must leave to others. */
  readonly kept: number;
  /**
   * Of a message that an anonymous door asked for: how many of the ceiling such messages may use. Absent of others, and
   * where the ceiling is the door's own.
   */
  readonly anonymous?: number;
}

export interface QuotaStore {
  /** Counts one message; `false` if no room is left for it. Racing messages never exceed the ceiling. */
  take(quota: Quota): Promise<boolean>;
  /** Whether a message would find room; counts nothing. As many reads as `take` has writes. */
  hasRoom(quota: Quota): Promise<boolean>;
}

/** The highest price of one message in USD, by method. */
export type Prices = Readonly<Record<Method, number>>;

interface Outgoing {
  readonly method: Method;
  /** The client that asked for a code; absent for a notice, which no client asks for. */
  readonly client?: string | undefined;
  /** An important notice, for which a share of each quota is kept. */
  readonly isImportant: boolean;
  /** Absent for email. */
  readonly phone?: { readonly number: string; readonly country: string } | undefined;
  readonly now: number;
}

/** Percent of a quota that only important notices may use: whoever uses up the rest silences none of them. */
const keptPercent = 10;

/** What anonymous doors may use of a quota: the other half is left to those whose people showed a password. */
const halfOf = (ceiling: number): number => Math.max(1, Math.floor(ceiling / 2));

/**
 * The quotas of a message, the narrowest first. They are counted in this order until one refuses. So a message that the
 * quota of its block of numbers refuses takes nothing from its country, client and channel.
 */
export function quotasOf(
  { method, client, isImportant, phone, now }: Outgoing,
  { sends }: Policy,
  prices: Prices,
  keyring: Keyring,
): readonly Quota[] {
  const [hour, day] = [spanOf(now, 'hour'), spanOf(now, 'day')];
  const affordable = Math.floor(sends.dailyBudgetUsdPerChannel / prices[method]);
  const shared = (ceiling: number) => ({
    ceiling,
    kept: isImportant ? 0 : Math.floor((ceiling * keptPercent) / 100),
    ...(client !== undefined && isAnonymous(client) ? { anonymous: halfOf(ceiling) } : {}),
  });
  return [
    ...(phone === undefined
      ? []
      : ([
          { name: 'prefix', of: blockOf(phone.number, keyring), ...hour, ...shared(sends.perPrefixPerHour) },
          { name: 'country', of: phone.country, ...day, ...shared(sends.perCountryPerDay) },
        ] as const)),
    ...(client === undefined
      ? []
      : ([{ name: 'client', of: client, ...hour, ceiling: sends.perClientPerHour, kept: 0 }] as const)),
    {
      name: 'channel',
      of: method,
      ...day,
      ...shared(Math.min(sends.dailyCeilingPerChannel, affordable)),
    },
  ];
}

/** The HMAC of a number without its last three digits, so that the table holds no part of a number. */
function blockOf(number: string, keyring: Keyring): string {
  return hmac128(keyring.key('destination', keyring.first), 'block', number.slice(0, -3));
}

const spans = { hour: [13, 3_600_000], day: [10, 86_400_000] } as const;

/** The hour or day in UTC that a time lies in, and when it ends in epoch milliseconds. */
export function spanOf(now: number, unit: keyof typeof spans): { span: string; endsAt: number } {
  const [characters, milliseconds] = spans[unit];
  return {
    span: new Date(now).toISOString().slice(0, characters),
    endsAt: (Math.floor(now / milliseconds) + 1) * milliseconds,
  };
}
