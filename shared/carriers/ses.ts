/** Email through Amazon SES. */
import { type SESClient, SendEmailCommand } from '@aws-sdk/client-ses';
import type { CarrierResult } from '../domain/delivery/carriers.ts';
import type { Email } from '../messages/email.ts';
import { ask } from './carrier.ts';

interface EmailSettings {
  readonly from: string;
  readonly configurationSet?: string | undefined;
}

export function sendEmail(
  client: SESClient,
  settings: EmailSettings,
  to: string,
  email: Email,
): Promise<CarrierResult> {
  const content = (Data: string) => ({ Data, Charset: 'UTF-8' });
  return ask(async () => {
    await client.send(
      new SendEmailCommand({
        Source: settings.from,
        Destination: { ToAddresses: [to] },
        Message: {
          Subject: content(email.subject),
          Body: { Text: content(email.text), Html: content(email.html) },
        },
        ConfigurationSetName: settings.configurationSet,
      }),
    );
    return undefined;
  });
}
