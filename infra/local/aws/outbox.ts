/** The outbox: keeps every message that a carrier accepted. Nothing here prints one. */
import { randomUUID } from 'node:crypto';
import type { JsonFile } from './json-file.ts';

export interface OutboxEntry {
  readonly channel: 'SMS' | 'Email' | 'Call';
  /** Phone number in E.164 or a bare email address; an email to several people is one entry for each. */
  readonly to: string;
  readonly subject?: string;
  /** Text of the SMS, text part of the email, or what the callee heard. */
  readonly body: string;
  readonly html?: string;
  /** RFC 3339, moved time. */
  readonly at: string;
}

/** A message with the id and the attributes that the carrier got. */
export interface SentMessage extends OutboxEntry {
  /** MessageId of SNS and SES, ContactId of Connect. */
  readonly id: string;
  /** SMS: message attributes (name to value). Email: `from`, `configurationSet`. Call: contact attributes. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Outbox {
  /** Newest first; `to` compares the whole address, in any case. */
  list(to?: string): readonly OutboxEntry[];
  /** The same with ids and attributes, for tests. */
  sent(to?: string): readonly SentMessage[];
  clear(): void;
}

export interface OutboxWriter extends Outbox {
  add(message: Omit<SentMessage, 'id' | 'at'> & { readonly id?: string }): string;
}

/** Older entries make room: a load test should not fill the memory. */
const mostEntries = 10_000;

export function createOutbox(now: () => number, file: JsonFile): OutboxWriter {
  let messages = (file.read() ?? []) as SentMessage[];
  const changed = () => file.changed(() => messages);
  const isTo = (message: SentMessage, to: string) => message.to.toLowerCase() === to.toLowerCase();
  const sent = (to?: string) => messages.filter((message) => to === undefined || isTo(message, to)).reverse();
  return {
    sent,
    list: (to) => sent(to).map(({ id, attributes, ...entry }) => entry),
    clear() {
      messages = [];
      changed();
    },
    add({ id = randomUUID(), ...message }) {
      messages.push({ ...message, id, at: new Date(now()).toISOString() });
      // Trimmed in steps, because removing the first of a long array at every send is slow.
      if (messages.length > mostEntries * 1.1) messages = messages.slice(-mostEntries);
      changed();
      return id;
    },
  };
}
