/** Amazon Connect: outbound voice contacts, whose contact flow is played as soon as they are accepted. */
import { randomUUID } from 'node:crypto';
import type { FaultInjection } from './faults.ts';
import type { JsonFile } from './json-file.ts';
import { isPhoneNumber, type Operations, optionalText, requiredText } from './operations.ts';
import type { OutboxWriter } from './outbox.ts';
import type { Input } from './protocols.ts';
import { ServiceError } from './service-error.ts';

export interface Contact {
  readonly contactId: string;
  /** The callee's number in E.164. */
  readonly destination: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly contactFlowId: string;
  readonly instanceId: string;
  readonly queueId?: string;
  readonly sourceNumber?: string;
}

/** Plays the contact's flow. Resolves to what the callee heard, one line per message. */
export type OnCall = (contact: Contact) => Promise<{ readonly spoken: string }>;

export interface ConnectService {
  readonly operations: Operations;
  /** Resolves when every call that was accepted has been played. */
  idle(): Promise<void>;
}

export interface ConnectOptions {
  readonly now: () => number;
  readonly outbox: OutboxWriter;
  readonly faults: FaultInjection;
  /** Where client tokens survive a restart. */
  readonly file: JsonFile;
  readonly onCall: OnCall;
  readonly onCallError: (error: unknown) => void;
}

/** How long a client token stands for the contact it started. */
const tokenLifeMilliseconds = 7 * 24 * 3_600_000;

export function createConnect({
  now,
  outbox,
  faults,
  file,
  onCall,
  onCallError,
}: ConnectOptions): ConnectService {
  type Started = { readonly contactId: string; readonly until: number };
  const tokens = new Map(Object.entries((file.read() ?? {}) as Record<string, Started>));
  const playing = new Set<Promise<void>>();

  const play = async (contact: Contact): Promise<void> => {
    try {
      const { contactId: id, destination: to, attributes } = contact;
      const { spoken } = await onCall(contact);
      outbox.add({ id, channel: 'Call', to, body: spoken, attributes });
    } catch (error) {
      onCallError(error);
    }
  };

  return {
    async idle() {
      while (playing.size > 0) await Promise.all(playing);
    },
    operations: {
      StartOutboundVoiceContact(input) {
        const contact = readContact(input);
        const token = optionalText(input, 'ClientToken', invalidParameter);
        const key = `${contact.instanceId} ${token}`;
        const earlier = token === undefined ? undefined : tokens.get(key);
        if (earlier !== undefined && earlier.until > now()) return { ContactId: earlier.contactId };
        faults.deliver('connect', contact.destination);
        if (token !== undefined) {
          for (const [old, { until }] of tokens) if (until <= now()) tokens.delete(old);
          tokens.set(key, { contactId: contact.contactId, until: now() + tokenLifeMilliseconds });
          file.changed(() => Object.fromEntries(tokens));
        }
        // Connect answers before it dials: the outcome of the call cannot change the answer.
        const call = play(contact).finally(() => playing.delete(call));
        playing.add(call);
        return { ContactId: contact.contactId };
      },
    },
  };
}

const invalidParameter = 'InvalidParameterException';

function readContact(input: Input): Contact {
  const destination = requiredText(input, 'DestinationPhoneNumber', invalidParameter);
  if (!isPhoneNumber(destination))
    throw new ServiceError(invalidParameter, 'DestinationPhoneNumber is not in E.164.');
  const queueId = optionalText(input, 'QueueId', invalidParameter);
  const sourceNumber = optionalText(input, 'SourcePhoneNumber', invalidParameter);
  if (queueId === undefined && sourceNumber === undefined) {
    throw new ServiceError('InvalidRequestException', 'Either QueueId or SourcePhoneNumber is needed.');
  }
  const attributes: Record<string, unknown> = { ...(input['Attributes'] as object | undefined) };
  if (!Object.values(attributes).every((value) => typeof value === 'string')) {
    throw new ServiceError(invalidParameter, 'Attributes must be strings.');
  }
  return {
    contactId: randomUUID(),
    destination,
    attributes: attributes as Record<string, string>,
    contactFlowId: requiredText(input, 'ContactFlowId', invalidParameter),
    instanceId: requiredText(input, 'InstanceId', invalidParameter),
    ...(queueId === undefined ? {} : { queueId }),
    ...(sourceNumber === undefined ? {} : { sourceNumber }),
  };
}
