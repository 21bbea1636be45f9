/** Amazon SNS: publishing to a phone number. */
import { randomUUID } from 'node:crypto';
import type { FaultInjection } from './faults.ts';
import { isPhoneNumber, type Operations, optionalText } from './operations.ts';
import type { OutboxWriter } from './outbox.ts';
import type { Input } from './protocols.ts';
import { ServiceError } from './service-error.ts';

/** SNS splits a longer text into several SMS and refuses more than this in one call. */
const mostCharacters = 1600;

export function snsOperations(outbox: OutboxWriter, faults: FaultInjection): Operations {
  return {
    Publish(input) {
      const to = optionalText(input, 'PhoneNumber');
      const body = optionalText(input, 'Message');
      if (to === undefined) throw invalid('Only publishing to a PhoneNumber is served here.');
      if (!isPhoneNumber(to)) throw invalid('Invalid parameter: PhoneNumber Reason: not valid to publish to');
      if (body === undefined) throw invalid('Empty message');
      if (body.length > mostCharacters) throw invalid('Invalid parameter: Message too long');
      if (!faults.deliver('sns', to)) return { MessageId: randomUUID() };
      return { MessageId: outbox.add({ channel: 'SMS', to, body, attributes: messageAttributes(input) }) };
    },
  };
}

const invalid = (message: string) => new ServiceError('InvalidParameter', message);

function messageAttributes(input: Input): Record<string, string> {
  const attributes: [string, string][] = [];
  for (let index = 1; ; index++) {
    const prefix = `MessageAttributes.entry.${index}`;
    const name = optionalText(input, `${prefix}.Name`);
    if (name === undefined) return Object.fromEntries(attributes);
    attributes.push([name, optionalText(input, `${prefix}.Value.StringValue`) ?? '']);
  }
}
