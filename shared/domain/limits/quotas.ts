/** How many messages a block of numbers, a country, a client and a channel get, whoever the users are. */
import { hmac128, type Keyring } from '../crypto/keyring.ts';
import type { Method, Policy } from '../policy/policy.ts';

export type QuotaName = 'prefix' | 'country' | 'client' | 'channel';

/** A number of messages in a fixed span of time. */
export interface Quota {
  readonly name: QuotaName;
  /** Of what: a country, a client, a channel, or what stands for a block of numbers. */
  readonly of: string;
  /** The span, for example `2026-01-31` or `2026-01-31T09`. */
  readonly span: string;
  /** Epoch milliseconds. */
  readonly endsAt: number;
  readonly ceiling: number;
}

export interface QuotaStore {
  /** Counts one message; `false` when the quota is used up. */
  take(quota: Quota): Promise<boolean>;
}

/** The highest price of one message in USD. */
export type Prices = Readonly<Record<Method, number>>;

interface Outgoing {
  readonly method: Method;
  readonly client: string;
  /** Absent for email. */
  readonly phone?: { readonly number: string; readonly country: string } | undefined;
  readonly now: number;
}

/**
 * The quotas of a message, the narrowest first. They are taken in this order until one refuses, so a message that its
 * block of numbers is refused takes nothing from its country, client and channel.
 */
export function quotasOf(
  { method, client, phone, now }: Outgoing,
  { sends }: Policy,
  prices: Prices,
  keyring: Keyring,
): readonly Quota[] {
  const [hour, day] = [spanOf(now, 'hour'), spanOf(now, 'day')];
  const affordable = Math.floor(sends.dailyBudgetUsdPerChannel / prices[method]);
  return [
    ...(phone === undefined
      ? []
      : ([
          { name: 'prefix', of: blockOf(phone.number, keyring), ...hour, ceiling: sends.perPrefixPerHour },
          { name: 'country', of: phone.country, ...day, ceiling: sends.perCountryPerDay },
        ] as const)),
    { name: 'client', of: client, ...hour, ceiling: sends.perClientPerHour },
    {
      name: 'channel',
      of: method,
      ...day,
      ceiling: Math.min(sends.dailyCeilingPerChannel, affordable),
    },
  ];
}

/** Stands for the thousand numbers around a number, so that the table holds no part of one. */
function blockOf(number: string, keyring: Keyring): string {
  return hmac128(keyring.key('destination', keyring.first), 'block', number.slice(0, -3));
}

const spans = { hour: [13, 3_600_000], day: [10, 86_400_000] } as const;

/** UTC. */
export function spanOf(now: number, unit: keyof typeof spans): { span: string; endsAt: number } {
  const [characters, milliseconds] = spans[unit];
  return {
    span: new Date(now).toISOString().slice(0, characters),
    endsAt: (Math.floor(now / milliseconds) + 1) * milliseconds,
  };
}
