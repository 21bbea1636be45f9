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

/** What the SQS protocol needs besides. */
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
  readonly onAdvance: ((listener: () => void) => unknown) | undefined;
  readonly file: JsonFile;
}

/** Waiting receivers look again at least this often, in case the clock moved without telling. */
const longestWaitMilliseconds = 1_000;

/** @throws for a dead-letter queue that is not in the list. */
export function createQueues({ specs, now, onAdvance, file }: QueueOptions): QueueEngine {
  const saved = (file.read() ?? {}) as Readonly<Record<string, StoredMessage[]>>;
  const queues = new Map<string, Queue>();
  const waiters = new Map<string, Set<() => void>>();

  const queueOf = (name: string): Queue => {
    const queue = queues.get(name);
    if (queue === undefined) throw new Error(`there is no queue ${name}`);
    return queue;
  };
  const wake = (name: string): void => {
    for (const each of waiters.get(name) ?? []) each();
  };
  const snapshot = () => Object.fromEntries([...queues].map(([name, queue]) => [name, queue.messages()]));

  for (const spec of specs) {
    const changed = () => {
      file.changed(snapshot);
      wake(spec.name);
    };
    const bury = (message: StoredMessage) => queueOf(spec.deadLetterQueue ?? '').put(message);
    queues.set(spec.name, createQueue(spec, saved[spec.name] ?? [], { changed, bury }));
    waiters.set(spec.name, new Set());
  }
  for (const { deadLetterQueue } of specs) if (deadLetterQueue !== undefined) queueOf(deadLetterQueue);
  onAdvance?.(() => {
    for (const name of waiters.keys()) wake(name);
  });

  const take = (name: string, most: number, visibilitySeconds?: number) =>
    queueOf(name).take(most, now(), visibilitySeconds);
  const nextVisibleAt = (name: string) =>
    least(
      queueOf(name)
        .messages()
        .map(({ visibleAt }) => visibleAt),
    );

  const changed = (name: string, signal: AbortSignal): Promise<void> => {
    const waiting = waiters.get(name);
    const visibleIn = (nextVisibleAt(name) ?? Number.POSITIVE_INFINITY) - now();
    return new Promise((resolve) => {
      const done = (): void => {
        waiting?.delete(done);
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, Math.max(1, Math.min(visibleIn, longestWaitMilliseconds))).unref();
      waiting?.add(done);
      signal.addEventListener('abort', done, { once: true });
    });
  };

  return {
    take,
    changed,
    nextVisibleAt,
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
    counts: (name) => queueOf(name).counts(now()),
    bodies: (name) =>
      queueOf(name)
        .messages()
        .map(({ body }) => body),
    dropped: (name) => queueOf(name).dropped(),
    oldest: (name) =>
      least(
        queueOf(name)
          .messages()
          .map(({ sentAt }) => sentAt),
      ),
  };
}

const least = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((a, b) => Math.min(a, b));
