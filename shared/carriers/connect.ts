/** Calls through Amazon Connect. The contact carries only the id of the delivery; the contact flow fetches the rest. */
import { type ConnectClient, StartOutboundVoiceContactCommand } from '@aws-sdk/client-connect';
import type { CarrierResult } from '../domain/delivery/carriers.ts';
import { ask } from './carrier.ts';

interface CallSettings {
  readonly instanceId: string;
  readonly flowId: string;
  readonly queueId?: string | undefined;
  readonly sourcePhoneNumber?: string | undefined;
}

/**
 * Some five rings. Connect would ring for 60 s, and an instance has ten calls at a time until its quota is raised: what
 * nobody answers keeps others from theirs.
 */
const ringSeconds = 25;

/**
 * `deliveryId` is the client token too: a repetition within seven days starts no second call. Older pages of AWS added
 * "if the contact is disconnected, a new contact is started", so that a repetition after a lost reply may ring again.
 */
export function placeCall(
  client: ConnectClient,
  settings: CallSettings,
  to: string,
  deliveryId: string,
): Promise<CarrierResult> {
  return ask(async () => {
    await client.send(
      new StartOutboundVoiceContactCommand({
        DestinationPhoneNumber: to,
        InstanceId: settings.instanceId,
        ContactFlowId: settings.flowId,
        QueueId: settings.queueId,
        SourcePhoneNumber: settings.sourcePhoneNumber,
        RingTimeoutInSeconds: ringSeconds,
        ClientToken: deliveryId,
        Attributes: { deliveryId },
      }),
    );
    return undefined;
  });
}
