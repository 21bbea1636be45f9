/**
 * The health of each channel: which trouble real messages met last, so that messages to decoys meet the same.
 *
 * Otherwise, while a carrier is down, real messages would fail and decoys would become `sent`, which reveals the names
 * that do not exist. The worker remembers trouble in its memory and for a minute. That is enough, since channel health
 * decides about decoys alone.
 */
import type { Method } from '../policy/policy.ts';

/** Reasons that concern a whole channel, not one destination. */
const ofChannel = ['throttled', 'timeout', 'fault', 'daily-ceiling'] as const;
type ChannelTrouble = (typeof ofChannel)[number];

export interface ChannelHealth {
  /** Takes note of what became of a real message.
   *
   * @param reason why it was refused; `undefined` if it was accepted
   */
  note(method: Method, reason: string | undefined, now: number): void;
  /** The trouble that a message to a decoy meets; `undefined` if it is `sent`. */
  of(method: Method, now: number): ChannelTrouble | undefined;
}

const troubleRememberedMilliseconds = 60_000;

export function channelHealth(): ChannelHealth {
  const last = new Map<Method, { readonly reason: ChannelTrouble; readonly at: number }>();
  return {
    note(method, reason, at) {
      const trouble = ofChannel.find((known) => known === reason);
      if (trouble) last.set(method, { reason: trouble, at });
      else if (reason === undefined) last.delete(method);
    },
    of(method, now) {
      const trouble = last.get(method);
      return trouble && trouble.at > now - troubleRememberedMilliseconds ? trouble.reason : undefined;
    },
  };
}
