/**
 * speak-otp: gives the contact flow of a call what to say.
 *
 * The code goes from here into the flow's `$.External` and is spoken; it never enters contact attributes, which
 * Connect keeps for two years.
 */
import type { ConnectContactFlowEvent } from 'aws-lambda';
import { environmentOf } from '../../shared/configuration.ts';
import { type Speech, speechForCode } from '../../shared/delivery/speech.ts';
import { codeToSpeak, readDeliveryId } from '../../shared/domain/deliver.ts';
import { kmsClient } from '../../shared/keys.ts';
import { log } from '../../shared/log.ts';
import { corePorts } from '../../shared/runtime.ts';

async function connect() {
  const environment = environmentOf('speak-otp');
  return { ...(await corePorts(environment, kmsClient())), environment };
}

let connected: ReturnType<typeof connect> | undefined;

/** Throws when there is nothing to say: the flow then apologises and hangs up. */
export async function handler(event: ConnectContactFlowEvent): Promise<Speech> {
  connected ??= connect();
  const { environment, ...ports } = await connected.catch((error) => {
    connected = undefined;
    throw error;
  });
  const message = readDeliveryId(event.Details.ContactData.Attributes['deliveryId'] ?? '');
  const spoken = message && (await codeToSpeak(message, ports));
  log('code-spoken', {
    challenge: message?.challengeId ?? 'unknown',
    outcome: spoken ? 'spoken' : 'nothing-to-say',
  });
  if (spoken === undefined) throw new Error('there is no code to speak');
  return speechForCode({ ...spoken, organisation: environment.ORGANISATION_NAME });
}
