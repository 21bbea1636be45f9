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

/** `deliveryId` is also the client token, so that a repetition within seven days starts no second call. */
export function placeCall(
  client: ConnectClient,
  settings: CallSettings,
  to: string,
  deliveryId: string,
): Promise<CarrierResult> {
  return ask(() =>
    client.send(
      new StartOutboundVoiceContactCommand({
        DestinationPhoneNumber: to,
        InstanceId: settings.instanceId,
        ContactFlowId: settings.flowId,
        QueueId: settings.queueId,
        SourcePhoneNumber: settings.sourcePhoneNumber,
        ClientToken: deliveryId,
        Attributes: { deliveryId },
      }),
    ),
  );
}
