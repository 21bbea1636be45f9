/** One standard queue: hides, counts and gives up messages as SQS does. */
import { createHash, randomUUID } from 'node:crypto';

export interface QueueSpec {
  readonly name: string;
  /** Path of its URL; `/000000000000/name` unless told. */
  readonly path?: string;
  readonly arn?: string;
  readonly visibilityTimeoutSeconds: number;
  readonly delaySeconds?: number;
  /** How long a message is kept; 4 days unless told. */
  readonly retentionSeconds?: number;
  /** A message that has been received this often moves to `deadLetterQueue` instead of being received again. */
  readonly maxReceiveCount?: number;
  /** Name of the dead-letter queue. */
  readonly deadLetterQueue?: string;
}

export interface QueueMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  /** ApproximateReceiveCount, SentTimestamp, ApproximateFirstReceiveTimestamp, SenderId, DeadLetterQueueSourceArn. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface QueueCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** A message as the queue keeps it. Times are milliseconds since the epoch, moved time. */
export interface StoredMessage {
  readonly id: string;
  readonly body: string;
  sentAt: number;
  visibleAt: number;
  receiveCount: number;
  handle?: string;
  firstReceivedAt?: number;
  sourceArn?: string;
}

/** `at` is the present, moved time. */
export interface Queue {
  readonly spec: QueueSpec;
  put(message: StoredMessage): void;
  take(most: number, at: number, visibilitySeconds?: number): readonly QueueMessage[];
  remove(receiptHandle: string): void;
  /** @returns false when the message is not in flight under this handle. */
  changeVisibility(receiptHandle: string, at: number, seconds: number): boolean;
  /** Moves the times of all messages, so that each waits as long as it would have. */
  shift(milliseconds: number): void;
  /** In order of arrival, in whatever state. */
  messages(): StoredMessage[];
  /** Bodies of messages that had grown too old before anybody received them, since the start. */
  dropped(): readonly string[];
  counts(at: number): QueueCounts;
}

export interface QueueEvents {
  readonly changed: () => void;
  /** Hands a message that was received too often to the dead-letter queue. */
  readonly bury: (message: StoredMessage) => void;
}

const defaultRetentionSeconds = 4 * 86_400;

export const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

export function createQueue(spec: QueueSpec, saved: readonly StoredMessage[], events: QueueEvents): Queue {
  const kept: Kept = {
    ...{ spec, events },
    messages: new Map(saved.map((message) => [message.id, message])),
    dropped: [],
  };
  const { messages } = kept;

  const byHandle = (handle: string): StoredMessage | undefined => {
    const message = messages.get(handle.slice(0, handle.indexOf('.')));
    return message?.handle === handle ? message : undefined;
  };

  return {
    spec,
    put(message) {
      messages.set(message.id, message);
      events.changed();
    },
    take: (most, at, visibilitySeconds = spec.visibilityTimeoutSeconds) =>
      take(kept, most, at, visibilitySeconds),
    remove(receiptHandle) {
      const message = byHandle(receiptHandle);
      if (message === undefined) return;
      messages.delete(message.id);
      events.changed();
    },
    changeVisibility(receiptHandle, at, seconds) {
      const message = byHandle(receiptHandle);
      if (message === undefined || message.visibleAt <= at) return false;
      message.visibleAt = at + seconds * 1000;
      events.changed();
      return true;
    },
    shift(milliseconds) {
      for (const message of messages.values()) {
        message.sentAt += milliseconds;
        message.visibleAt += milliseconds;
        if (message.firstReceivedAt !== undefined) message.firstReceivedAt += milliseconds;
      }
      events.changed();
    },
    messages: () => [...messages.values()],
    dropped: () => kept.dropped,
    counts(at) {
      const hidden = [...messages.values()].filter(({ visibleAt }) => visibleAt > at);
      const inFlight = hidden.filter(({ receiveCount }) => receiveCount > 0).length;
      return { visible: messages.size - hidden.length, inFlight, delayed: hidden.length - inFlight };
    },
  };
}

/** The state of one queue. */
interface Kept {
  readonly spec: QueueSpec;
  readonly events: QueueEvents;
  /** By id, in order of arrival. */
  readonly messages: Map<string, StoredMessage>;
  readonly dropped: string[];
}

function take(kept: Kept, most: number, at: number, visibilitySeconds: number): readonly QueueMessage[] {
  const taken: QueueMessage[] = [];
  let left = 0;
  for (const message of kept.messages.values()) {
    if (taken.length === most) break;
    if (message.visibleAt > at) continue;
    if (leaves(kept, message, at)) {
      left += 1;
      continue;
    }
    message.visibleAt = at + visibilitySeconds * 1000;
    message.receiveCount += 1;
    message.firstReceivedAt ??= at;
    message.handle = `${message.id}.${randomUUID()}`;
    taken.push(asReceived(message, message.handle));
  }
  if (taken.length + left > 0) kept.events.changed();
  return taken;
}

/** @returns true when the message has left the queue because of its age or its number of receives. */
function leaves({ spec, events, messages, dropped }: Kept, message: StoredMessage, at: number): boolean {
  const { deadLetterQueue, maxReceiveCount = Number.POSITIVE_INFINITY } = spec;
  const isOld = message.sentAt + (spec.retentionSeconds ?? defaultRetentionSeconds) * 1000 <= at;
  const isDead = deadLetterQueue !== undefined && message.receiveCount >= maxReceiveCount;
  if (!isOld && !isDead) return false;
  messages.delete(message.id);
  if (isOld) dropped.push(message.body);
  else {
    const { id, body, sentAt } = message;
    const source = spec.arn === undefined ? {} : { sourceArn: spec.arn };
    events.bury({ id, body, sentAt, visibleAt: at, receiveCount: 0, ...source });
  }
  return true;
}

function asReceived(message: StoredMessage, receiptHandle: string): QueueMessage {
  const { id, body, receiveCount, sentAt, firstReceivedAt = sentAt, sourceArn } = message;
  return {
    messageId: id,
    receiptHandle,
    body,
    md5OfBody: md5(body),
    attributes: {
      ApproximateReceiveCount: String(receiveCount),
      SentTimestamp: String(sentAt),
      ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
      SenderId: 'local',
      ...(sourceArn === undefined ? {} : { DeadLetterQueueSourceArn: sourceArn }),
    },
  };
}
