/**
 * The health of each channel: which trouble real messages met last, so that messages to decoys meet the same.
 *
 * Otherwise, while a carrier is down, real messages would fail and decoys would become `sent`, which reveals the names
 * that do not exist. It is kept where every worker finds it: one that has sent nothing yet knows it too.
 */
import type { Method } from '../policy/policy.ts';

/** Reasons that concern a whole channel, not one destination. */
const ofChannel = ['throttled', 'timeout', 'fault', 'spend-limit', 'account-refused'] as const;
export type ChannelTrouble = (typeof ofChannel)[number];

function troubleOf(reason: string): ChannelTrouble | undefined {
  return ofChannel.find((known) => known === reason);
}

/** Times are epoch milliseconds. */
export interface Trouble {
  readonly reason: ChannelTrouble;
  /** When the first message of an unbroken row met it, and the last one. */
  readonly since: number;
  readonly at: number;
  /** How long the carrier took to refuse the last one: a decoy's refusal takes as long. */
  readonly milliseconds?: number;
}

export interface ChannelHealth {
  /** The last trouble, unless a message has been accepted since. Eventually consistent. */
  read(method: Method): Promise<Trouble | undefined>;
  write(method: Method, trouble: Trouble | undefined): Promise<void>;
}

const shortestMilliseconds = 60_000;

/** The longest that a carrier may take: a clock that jumps meanwhile holds nothing up for longer. */
export const longestRefusalMilliseconds = 4_000;

/** How long a message to this channel waits for its refusal now. */
export function refusalTakes({ milliseconds = 0 }: Trouble): number {
  return Math.min(Math.max(milliseconds, 0), longestRefusalMilliseconds);
}

/** The trouble that a message meets now: it is expected to last as long again as it has, a minute at least. */
export function lasting(trouble: Trouble | undefined, now: number): ChannelTrouble | undefined {
  if (trouble === undefined) return undefined;
  const { reason, since, at } = trouble;
  return at + Math.max(shortestMilliseconds, at - since) > now ? reason : undefined;
}

/** Nobody tries a way that is shown as closed, so a carrier that works again would stay closed by what it was. */
const longestShownMilliseconds = 300_000;

/** Whether a page should offer other ways: the last message of a minute or more of trouble is five minutes old at most. */
export function isOutOfOrder(trouble: Trouble | undefined, now: number): boolean {
  return lasting(trouble, now) !== undefined && now - (trouble?.at ?? 0) < longestShownMilliseconds;
}

/**
 * Takes note of what became of a real message: of each trouble, and of the first message that was accepted after it.
 *
 * @param known as it was read before the message was sent
 * @param reason why it was refused; `undefined` if it was accepted
 * @param askedAt when the carrier was asked; epoch milliseconds
 */
export async function noteHealth(
  health: ChannelHealth,
  method: Method,
  known: Trouble | undefined,
  reason: string | undefined,
  now: number,
  askedAt = now,
): Promise<void> {
  const met = reason === undefined ? undefined : troubleOf(reason);
  if (met !== undefined) {
    const since = known && lasting(known, now) ? known.since : now;
    await health.write(method, { reason: met, since, at: now, milliseconds: now - askedAt });
  } else if (reason === undefined && known !== undefined) {
    await health.write(method, undefined);
  }
}
