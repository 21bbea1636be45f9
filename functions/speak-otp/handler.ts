/**
 * speak-otp: tells the contact flow of a call what to say.
 *
 * The code reaches the flow as `$.External` only. It never becomes a contact attribute, which Connect would keep for
 * two years.
 */
import { randomInt } from 'node:crypto';
import type { ConnectContactFlowEvent } from 'aws-lambda';
import { kmsClient } from '../../shared/aws/kms.ts';
import { corePorts } from '../../shared/composition/core.ts';
import { codeToSpeak, type Spoken } from '../../shared/domain/delivery/spoken-code.ts';
import { readDeliveryId } from '../../shared/domain/queues/delivery-id.ts';
import { environmentOf } from '../../shared/environment/configuration.ts';
import { log } from '../../shared/log/log.ts';
import { namingRequests } from '../../shared/log/request-ids.ts';
import { type Speech, speechForCode, speechOfTheEnd } from '../../shared/messages/speech.ts';
import { resolveLocale } from '../../shared/messages/texts.ts';

async function connect() {
  const environment = environmentOf('speak-otp');
  return { ...(await corePorts(environment, kmsClient())), environment };
}

let connected: ReturnType<typeof connect> | undefined;

/** A call that is answered too late is told so; after a fault, which throws, the flow apologises by itself. */
async function speak(event: ConnectContactFlowEvent): Promise<Speech> {
  connected ??= connect();
  const { environment, ...ports } = await connected.catch((error) => {
    connected = undefined;
    throw error;
  });
  const message = readDeliveryId(event.Details.ContactData.Attributes['deliveryId'] ?? '');
  const spoken: Spoken = message ? await codeToSpeak(message, ports) : { kind: 'over' };
  log('code-spoken', { challenge: message?.challengeId ?? 'unknown', outcome: spoken.kind });
  return spoken.kind === 'code'
    ? speechForCode({ ...spoken, organisation: environment.ORGANISATION_NAME, digit: randomInt(10) })
    : speechOfTheEnd(spoken.locale ?? resolveLocale(environment.DEFAULT_LOCALE, 'en'));
}

export const handler = namingRequests(speak);
