/** A person's messages of a day: how many all doors may ask for, how many one of them, and how many to one address. */
import type { Policy } from '../policy/policy.ts';
import type { SentMessage } from '../user-record/sent-message.ts';
import { doorWindows, nextSendAt, type RateWindow, sendWindows, userWindows } from './send-windows.ts';

type Rules = Policy['sends'];

/** What decides, beside the time, whether a message may be asked for. */
export type MessagePlace = Pick<SentMessage, 'door' | 'to'>;

const dayMilliseconds = 86_400_000;

/** Eight characters of a destination's counter, which tell a person's few addresses apart. */
export function destinationMark(counter: string): string {
  return counter.slice(0, 8);
}

/**
 * When a name may have its next message, by the messages that it had itself; in the past if now. A code that was used
 * has left its door's share. What others had of the same number or address does not count, so that nobody learns of it.
 */
export function nextMessageAt(
  sent: readonly SentMessage[],
  { door, to }: MessagePlace,
  rules: Rules,
): number {
  const timesOf = (counts: (message: SentMessage) => boolean) => sent.filter(counts).map(({ at }) => at);
  return Math.max(
    nextSendAt(
      timesOf(() => true),
      userWindows(rules),
    ),
    nextSendAt(
      timesOf((message) => message.door === door && !message.used),
      doorWindows(rules, door),
    ),
    nextSendAt(
      timesOf((message) => message.to === to),
      sendWindows(rules),
    ),
  );
}

/**
 * Whether a door has used up its share, or all doors the day's messages, and no code of them was used: somebody who is
 * not the person asks for them.
 */
export function isUsedUpInVain(
  sent: readonly SentMessage[],
  door: string,
  now: number,
  rules: Rules,
): boolean {
  const recent = sent.filter(({ at }) => at > now - dayMilliseconds);
  if (recent.some(({ used }) => used)) return false;
  const isFull = (messages: readonly SentMessage[], windows: readonly RateWindow[]) =>
    windows.some(({ limit }) => messages.length >= limit);
  return (
    isFull(recent, userWindows(rules)) ||
    isFull(
      recent.filter((message) => message.door === door),
      doorWindows(rules, door),
    )
  );
}

/** The messages of the last day, this one in front. */
export function withMessage(
  sent: readonly SentMessage[],
  place: MessagePlace,
  now: number,
  rules: Rules,
): readonly SentMessage[] {
  const recent = sent.filter(({ at }) => at > now - dayMilliseconds);
  return [{ at: now, ...place }, ...recent].slice(0, rules.perUserPerDay);
}
