/** Amazon SQS: the operations that clients call on a queue by its URL. */
import { type Operations, requiredText } from './operations.ts';
import type { Input } from './protocols.ts';
import { md5, type QueueMessage, type QueueSpec } from './queue.ts';
import type { QueueEngine } from './queues.ts';
import {
  batch,
  failure,
  invalidValue,
  missing,
  mostPerRequest,
  noSuchQueue,
  qualified,
  receiptHandle,
  whole,
} from './sqs-input.ts';

const mostBodyBytes = 1024 * 1024;
const longestVisibilitySeconds = 12 * 3_600;
const longestDelaySeconds = 900;
const longestPollSeconds = 20;

const queuePath = ({ name, path }: QueueSpec): string => path ?? `/000000000000/${name}`;

/** @param origin where queue URLs begin, asked for at each request. */
export function sqsOperations(
  specs: readonly QueueSpec[],
  queues: QueueEngine,
  origin: () => string,
): Operations {
  const directory = createDirectory(specs);
  return {
    ...sendingAndDeleting(directory, queues),
    ...receiving(directory, queues),
    ...describing(directory, queues, origin),
  };
}

interface Directory {
  /** The queue that a request names by its URL. @throws {ServiceError} */
  of(input: Input): QueueSpec;
  named(name: string): QueueSpec | undefined;
}

function createDirectory(specs: readonly QueueSpec[]): Directory {
  const byPath = new Map(specs.map((spec) => [queuePath(spec), spec]));
  const byName = new Map(specs.map((spec) => [spec.name, spec]));
  return {
    of(input) {
      const spec = byPath.get(URL.parse(requiredText(input, 'QueueUrl', missing))?.pathname ?? '');
      if (spec === undefined) throw noSuchQueue();
      return spec;
    },
    named: (name) => byName.get(name),
  };
}

function sendingAndDeleting({ of }: Directory, queues: QueueEngine): Operations {
  const send = (name: string, entry: Input) => {
    const body = requiredText(entry, 'MessageBody', missing);
    if (Object.keys((entry['MessageAttributes'] ?? {}) as object).length > 0) {
      throw failure(
        'UnsupportedOperation',
        'Message attributes are not served here.',
        qualified('UnsupportedOperation'),
      );
    }
    if (Buffer.byteLength(body) > mostBodyBytes)
      throw failure(invalidValue, 'The message is longer than 1 MiB.');
    const delay = whole(entry, 'DelaySeconds', 0, longestDelaySeconds);
    return { MessageId: queues.send(name, body, delay), MD5OfMessageBody: md5(body) };
  };
  const remove = (name: string, entry: Input) => {
    queues.remove(name, receiptHandle(entry));
    return {};
  };
  return {
    SendMessage: (input) => send(of(input).name, input),
    SendMessageBatch: (input) => batch(input, of(input).name, send),
    DeleteMessage: (input) => remove(of(input).name, input),
    DeleteMessageBatch: (input) => batch(input, of(input).name, remove),
  };
}

function receiving({ of }: Directory, queues: QueueEngine): Operations {
  return {
    async ReceiveMessage(input, signal) {
      const { name } = of(input);
      const most = whole(input, 'MaxNumberOfMessages', 1, mostPerRequest) ?? 1;
      const visibility = whole(input, 'VisibilityTimeout', 0, longestVisibilitySeconds);
      const wait = whole(input, 'WaitTimeSeconds', 0, longestPollSeconds) ?? 0;
      // A poll waits in real time. Only the messages follow the movable clock.
      const over = AbortSignal.any([signal, AbortSignal.timeout(wait * 1000)]);
      let messages = queues.take(name, most, visibility);
      while (messages.length === 0 && wait > 0 && !over.aborted) {
        await queues.changed(name, over);
        if (!over.aborted) messages = queues.take(name, most, visibility);
      }
      const asked = [input['MessageSystemAttributeNames'], input['AttributeNames']].flat();
      return messages.length === 0 ? {} : { Messages: messages.map((message) => asAnswered(message, asked)) };
    },
    ChangeMessageVisibility(input) {
      const { name } = of(input);
      const seconds = whole(input, 'VisibilityTimeout', 0, longestVisibilitySeconds);
      if (seconds === undefined) throw failure(missing, 'VisibilityTimeout is missing.');
      if (queues.changeVisibility(name, receiptHandle(input), seconds)) return {};
      throw failure('MessageNotInflight', 'The message is not in flight.', qualified('MessageNotInflight'));
    },
  };
}

function describing({ of, named }: Directory, queues: QueueEngine, origin: () => string): Operations {
  return {
    GetQueueUrl(input) {
      const spec = named(requiredText(input, 'QueueName', missing));
      if (spec === undefined) throw noSuchQueue();
      return { QueueUrl: origin() + queuePath(spec) };
    },
    GetQueueAttributes(input) {
      const spec = of(input);
      const { visible, inFlight, delayed } = queues.counts(spec.name);
      const target = named(spec.deadLetterQueue ?? '')?.arn ?? spec.deadLetterQueue;
      const redrive = { deadLetterTargetArn: target, maxReceiveCount: spec.maxReceiveCount };
      const all: Record<string, string> = {
        ApproximateNumberOfMessages: String(visible),
        ApproximateNumberOfMessagesNotVisible: String(inFlight),
        ApproximateNumberOfMessagesDelayed: String(delayed),
        VisibilityTimeout: String(spec.visibilityTimeoutSeconds),
        DelaySeconds: String(spec.delaySeconds ?? 0),
        ...(spec.arn === undefined ? {} : { QueueArn: spec.arn }),
        ...(target === undefined ? {} : { RedrivePolicy: JSON.stringify(redrive) }),
      };
      const asked = [input['AttributeNames']].flat();
      return { Attributes: pick(all, asked) };
    },
  };
}

function asAnswered(
  { messageId, receiptHandle, body, md5OfBody, attributes }: QueueMessage,
  asked: unknown[],
) {
  const Attributes = pick(attributes, asked);
  return {
    MessageId: messageId,
    ReceiptHandle: receiptHandle,
    Body: body,
    MD5OfBody: md5OfBody,
    ...(Object.keys(Attributes).length === 0 ? {} : { Attributes }),
  };
}

function pick(all: Readonly<Record<string, string>>, asked: readonly unknown[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => asked.includes('All') || asked.includes(name)),
  );
}
