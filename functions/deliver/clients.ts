/** The worker's clients of SNS, SES and Connect. Each is loaded for the first message that needs it. */
import { awsClient } from '../../shared/aws/client.ts';
import type { CarrierResult } from '../../shared/domain/delivery/carriers.ts';
import type { Environment } from '../../shared/environment/configuration.ts';
import type { Email } from '../../shared/messages/email.ts';

type WorkerEnvironment = Environment<'deliver'>;
type Sends<Content> = (to: string, content: Content) => Promise<CarrierResult>;

/** Sends the text of an SMS to a number. */
export function smsClient(environment: WorkerEnvironment): () => Promise<Sends<string>> {
  return once(async () => {
    const [{ SNSClient }, { sendSms }] = await Promise.all([
      import('@aws-sdk/client-sns'),
      import('../../shared/carriers/sns.ts'),
    ]);
    const client = awsClient(SNSClient, 'sns');
    const settings = {
      maxPriceUsd: environment.SMS_MAX_PRICE_USD,
      senderId: environment.SMS_SENDER_ID,
      originationNumber: environment.SMS_ORIGINATION_NUMBER,
      india: registrationOf(environment),
    };
    return (to, message) => sendSms(client, settings, to, message);
  });
}

export function emailClient(environment: WorkerEnvironment): () => Promise<Sends<Email>> {
  return once(async () => {
    const [{ SESClient }, { sendEmail }] = await Promise.all([
      import('@aws-sdk/client-ses'),
      import('../../shared/carriers/ses.ts'),
    ]);
    const client = awsClient(SESClient, 'ses');
    const settings = { from: environment.EMAIL_FROM, configurationSet: environment.EMAIL_CONFIGURATION_SET };
    return (to, email) => sendEmail(client, settings, to, email);
  });
}

/** Calls a number about the delivery with this id. Rejects if the deployment has no voice. */
export function callClient(environment: WorkerEnvironment): () => Promise<Sends<string>> {
  return once(async () => {
    const { CONNECT_INSTANCE_ID, CONNECT_FLOW_ID, CONNECT_REGION } = environment;
    if (!CONNECT_INSTANCE_ID || !CONNECT_FLOW_ID) throw new Error('this deployment has no voice');
    const [{ ConnectClient }, { placeCall }] = await Promise.all([
      import('@aws-sdk/client-connect'),
      import('../../shared/carriers/connect.ts'),
    ]);
    const client = awsClient(ConnectClient, 'connect', CONNECT_REGION);
    const settings = {
      instanceId: CONNECT_INSTANCE_ID,
      flowId: CONNECT_FLOW_ID,
      queueId: environment.CONNECT_QUEUE_ID,
      sourcePhoneNumber: environment.CONNECT_SOURCE_NUMBER,
    };
    return (to, deliveryId) => placeCall(client, settings, to, deliveryId);
  });
}

/** Makes one at the first call, and another only after making it failed. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

/** Whom India's registry knows the sender and the text as; only where the stage names them. */
function registrationOf({ SMS_INDIA_ENTITY_ID, SMS_INDIA_TEMPLATE_ID }: Environment<'deliver'>) {
  if (!SMS_INDIA_ENTITY_ID || !SMS_INDIA_TEMPLATE_ID) return undefined;
  return { entityId: SMS_INDIA_ENTITY_ID, templateId: SMS_INDIA_TEMPLATE_ID };
}
