/** Amazon SES, version 1 of its API: sending formatted and raw email. */
import { randomUUID } from 'node:crypto';
import type { FaultInjection } from './faults.ts';
import { addresses, parseMail } from './mime.ts';
import { members, type Operations, optionalText, requiredText } from './operations.ts';
import type { OutboxWriter } from './outbox.ts';
import type { Input } from './protocols.ts';
import { ServiceError } from './service-error.ts';

interface Mail {
  readonly subject: string;
  readonly text: string | undefined;
  readonly html: string | undefined;
}

export function sesOperations(outbox: OutboxWriter, faults: FaultInjection): Operations {
  const send = (input: Input, from: string | undefined, recipients: readonly string[], mail: Mail) => {
    if (from === undefined) throw invalid('Missing required header From.');
    if (recipients.length === 0) throw invalid("Missing required header 'To'.");
    if (!recipients.every((recipient) => /^[^@\s]+@[^@\s]+$/.test(recipient)))
      throw invalid('Missing final @domain');
    for (const recipient of recipients) faults.deliver('ses', recipient);
    const configurationSet = optionalText(input, 'ConfigurationSetName');
    const id = randomUUID();
    for (const to of new Set(recipients)) {
      outbox.add({
        id,
        channel: 'Email',
        to,
        subject: mail.subject,
        body: mail.text ?? '',
        ...(mail.html === undefined ? {} : { html: mail.html }),
        attributes: { from, ...(configurationSet === undefined ? {} : { configurationSet }) },
      });
    }
    return { MessageId: id };
  };

  return {
    SendEmail(input) {
      const recipients = ['To', 'Cc', 'Bcc'].flatMap((kind) =>
        members(input, `Destination.${kind}Addresses`),
      );
      return send(input, optionalText(input, 'Source'), recipients.flatMap(addresses), {
        subject: requiredText(input, 'Message.Subject.Data', 'ValidationError'),
        text: optionalText(input, 'Message.Body.Text.Data'),
        html: optionalText(input, 'Message.Body.Html.Data'),
      });
    },
    async SendRawEmail(input) {
      const raw = Buffer.from(requiredText(input, 'RawMessage.Data', 'ValidationError'), 'base64');
      const mail = await parseMail(raw).catch((error: Error) => {
        throw invalid(`The message cannot be read: ${error.message}`);
      });
      const named = members(input, 'Destinations').flatMap(addresses);
      const recipients = named.length > 0 ? named : mail.recipients;
      return send(input, optionalText(input, 'Source') ?? mail.from, recipients, mail);
    },
  };
}

const invalid = (message: string) => new ServiceError('InvalidParameterValue', message);
