/** All queues: reached by name, waited on by the movable clock, kept for the next start. */
import { randomUUID } from 'node:crypto';
import type { JsonFile } from './json-file.ts';
import {
  createQueue,
  type Queue,
  type QueueCounts,
  type QueueMessage,
  type QueueSpec,
  type StoredMessage,
} from './queue.ts';
import { createWaiters, type Waiters } from './queue-waiters.ts';

/** The queues without the SQS protocol: no fault in between, nothing counted. Unknown names throw. */
export interface Queues {
  /** Waits until something is visible, or the signal aborts (then an empty list). Starts the visibility time-out. */
  receive(queueName: string, most: number, signal: AbortSignal): Promise<readonly QueueMessage[]>;
  /** Removes a message; a handle that a later receive has replaced removes nothing. */
  remove(queueName: string, receiptHandle: string): void;
  /** @returns the message's id. */
  send(queueName: string, body: string, delaySeconds?: number): string;
  counts(queueName: string): QueueCounts;
  /** In order of arrival and in whatever state, for a look into a dead-letter queue. */
  bodies(queueName: string): readonly string[];
  /** Bodies of messages that were given up for their age, since the start. */
  dropped(queueName: string): readonly string[];
  /** Milliseconds since the epoch at which the oldest message was sent. */
  oldest(queueName: string): number | undefined;
  /** Moved time at which the next message becomes visible; past or present when one is. */
  nextVisibleAt(queueName: string): number | undefined;
}

/** The rest of the queues, for the SQS protocol. */
export interface QueueEngine extends Queues {
  take(queueName: string, most: number, visibilitySeconds?: number): readonly QueueMessage[];
  /** Resolves at the next change, when something becomes visible, or when the signal aborts. */
  changed(queueName: string, signal: AbortSignal): Promise<void>;
  /** @returns false when the message is not in flight under this handle. */
  changeVisibility(queueName: string, receiptHandle: string, seconds: number): boolean;
}

export interface QueueOptions {
  readonly specs: readonly QueueSpec[];
  readonly now: () => number;
  readonly onMove: ((listener: (milliseconds: number) => void) => unknown) | undefined;
  readonly file: JsonFile;
}

/** @throws for a dead-letter queue that is not in the list. */
export function createQueues({ specs, now, onMove, file }: QueueOptions): QueueEngine {
  const saved = (file.read() ?? {}) as Readonly<Record<string, StoredMessage[]>>;
  const queues = new Map<string, Queue>();
  const waiters = createWaiters();
  const queueOf = (name: string): Queue => {
    const queue = queues.get(name);
    if (queue === undefined) throw new Error(`there is no queue ${name}`);
    return queue;
  };
  const snapshot = () => Object.fromEntries([...queues].map(([name, queue]) => [name, queue.messages()]));

  for (const spec of specs) {
    const changed = () => {
      file.changed(snapshot);
      waiters.wake(spec.name);
    };
    const bury = (message: StoredMessage) => queueOf(spec.deadLetterQueue ?? '').put(message);
    queues.set(spec.name, createQueue(spec, saved[spec.name] ?? [], { changed, bury }));
  }
  for (const { deadLetterQueue } of specs) if (deadLetterQueue !== undefined) queueOf(deadLetterQueue);
  onMove?.((milliseconds) => {
    if (milliseconds < 0) for (const queue of queues.values()) queue.shift(milliseconds);
    waiters.wakeAll();
  });

  return { ...receivingFrom(queueOf, waiters, now), ...looksAt(queueOf, now) };
}

type QueueOf = (name: string) => Queue;

/** The part of the engine that changes queues, or waits for a change. */
function receivingFrom(queueOf: QueueOf, waiters: Waiters, now: () => number) {
  const take: QueueEngine['take'] = (name, most, visibilitySeconds) =>
    queueOf(name).take(most, now(), visibilitySeconds);
  const changed: QueueEngine['changed'] = (name, signal) => {
    const visibleIn = (nextVisibleAt(queueOf(name)) ?? Number.POSITIVE_INFINITY) - now();
    return waiters.wait(name, visibleIn, signal);
  };
  return {
    ...{ take, changed },
    async receive(name, most, signal) {
      while (!signal.aborted) {
        const messages = take(name, most);
        if (messages.length > 0) return messages;
        await changed(name, signal);
      }
      return [];
    },
    send(name, body, delaySeconds) {
      const queue = queueOf(name);
      const id = randomUUID();
      const sentAt = now();
      const visibleAt = sentAt + (delaySeconds ?? queue.spec.delaySeconds ?? 0) * 1000;
      queue.put({ id, body, sentAt, visibleAt, receiveCount: 0 });
      return id;
    },
    remove: (name, receiptHandle) => queueOf(name).remove(receiptHandle),
    changeVisibility: (name, receiptHandle, seconds) =>
      queueOf(name).changeVisibility(receiptHandle, now(), seconds),
  } satisfies Partial<QueueEngine>;
}

/** The part of the engine that only looks at queues. */
function looksAt(queueOf: QueueOf, now: () => number) {
  return {
    nextVisibleAt: (name) => nextVisibleAt(queueOf(name)),
    counts: (name) => queueOf(name).counts(now()),
    bodies: (name) => listed(queueOf(name), 'body'),
    dropped: (name) => queueOf(name).dropped(),
    oldest: (name) => least(listed(queueOf(name), 'sentAt')),
  } satisfies Partial<QueueEngine>;
}

const nextVisibleAt = (queue: Queue): number | undefined => least(listed(queue, 'visibleAt'));

/** One field of every message, in order of arrival. */
const listed = <Field extends keyof StoredMessage>(queue: Queue, field: Field): StoredMessage[Field][] =>
  queue.messages().map((message) => message[field]);

const least = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((a, b) => Math.min(a, b));
