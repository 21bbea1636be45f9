/**
 * What a whole channel does to messages at the moment, so that a decoy's message meets the same. Without it, while a
 * carrier is down, real messages fail and decoys become `sent`: who does not exist could be told by that.
 *
 * Kept in the worker's memory and for a minute, since it need only be alike: it decides over no real message.
 */
import type { Method } from '../policy/policy.ts';

/** Reasons that are the channel's and not a destination's. */
const ofChannel = ['throttled', 'timeout', 'fault', 'daily-ceiling'] as const;
type ChannelTrouble = (typeof ofChannel)[number];

export interface ChannelHealth {
  /** What became of a real message; `undefined` when it was accepted. */
  note(method: Method, reason: string | undefined, now: number): void;
  /** What a decoy's message meets. */
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
