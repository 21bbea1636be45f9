/** Amazon SNS: publishing to a phone number. */
import { randomUUID } from 'node:crypto';
import type { FaultInjection } from './faults.ts';
import { isPhoneNumber, type Operations, optionalText } from './operations.ts';
import type { OutboxWriter } from './outbox.ts';
import type { Input } from './protocols.ts';
import { ServiceError } from './service-error.ts';

/** SNS splits a longer text into several SMS and refuses more than this in one call. */
const mostCharacters = 1600;

/** @param dropped told of a message that was taken and not sent: the line that SNS writes into its log of failures */
export function snsOperations(
  outbox: OutboxWriter,
  faults: FaultInjection,
  dropped: (line: string) => void,
): Operations {
  return {
    Publish(input) {
      const to = optionalText(input, 'PhoneNumber');
      const body = optionalText(input, 'Message');
      if (to === undefined) throw invalid('Only publishing to a PhoneNumber is served here.');
      if (!isPhoneNumber(to)) throw invalid('Invalid parameter: PhoneNumber Reason: not valid to publish to');
      if (body === undefined) throw invalid('Empty message');
      if (body.length > mostCharacters) throw invalid('Invalid parameter: Message too long');
      const answer = faults.deliver('sns', to);
      if (answer !== undefined) {
        const MessageId = randomUUID();
        dropped(lineOf(MessageId, to, answer));
        return { MessageId };
      }
      return { MessageId: outbox.add({ channel: 'SMS', to, body, attributes: messageAttributes(input) }) };
    },
  };
}

/** As AWS shows it in https://docs.aws.amazon.com/sns/latest/dg/sms_stats_cloudwatch.html. */
const lineOf = (messageId: string, destination: string, providerResponse: string): string =>
  JSON.stringify({
    notification: { messageId, timestamp: '2026-01-01 00:00:00.000' },
    delivery: {
      mnc: 0,
      numberOfMessageParts: 1,
      destination,
      priceInUSD: 0.00645,
      smsType: 'Transactional',
      mcc: 0,
      providerResponse,
      dwellTimeMs: 1420,
      dwellTimeMsUntilDeviceAck: 1692,
    },
    status: 'FAILURE',
  });

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
