/** The carriers of this deployment: each client is loaded when the first message for it comes. */
import { clientConfiguration } from '../../shared/aws/client-configuration.ts';
import { trimmedClient } from '../../shared/aws/trimmed-client.ts';
import type { CarrierResult, Carriers, CodeMessage } from '../../shared/domain/delivery/carriers.ts';
import type { Environment } from '../../shared/environment/configuration.ts';
import { emailForCode, emailForNotice } from '../../shared/messages/email.ts';
import { smsForCode, smsForNotice } from '../../shared/messages/sms.ts';

/** Connect starts two calls a second; two workers that each take a second never exceed that. */
const paceOfCallsMilliseconds = 1_000;

export interface PacedCarriers extends Carriers {
  /** Resolves when the newest call has had its second; until then the worker must not take another. */
  paced(): Promise<void>;
}

export function carriersFor(environment: Environment<'deliver'>): PacedCarriers {
  const organisation = environment.ORGANISATION_NAME;
  const sender = { organisation, supportContact: environment.SUPPORT_CONTACT };
  const sms = once(async () => {
    const [{ SNSClient }, { sendSms }] = await Promise.all([
      import('@aws-sdk/client-sns'),
      import('../../shared/carriers/sns.ts'),
    ]);
    const client = trimmedClient(new SNSClient(clientConfiguration('sns')));
    const settings = {
      maxPriceUsd: environment.SMS_MAX_PRICE_USD,
      senderId: environment.SMS_SENDER_ID,
      originationNumber: environment.SMS_ORIGINATION_NUMBER,
    };
    return (to: string, message: string) => sendSms(client, settings, to, message);
  });
  const email = once(async () => {
    const [{ SESClient }, { sendEmail }] = await Promise.all([
      import('@aws-sdk/client-ses'),
      import('../../shared/carriers/ses.ts'),
    ]);
    const client = trimmedClient(new SESClient(clientConfiguration('email')));
    const settings = { from: environment.EMAIL_FROM, configurationSet: environment.EMAIL_CONFIGURATION_SET };
    return (to: string, content: ReturnType<typeof emailForCode>) => sendEmail(client, settings, to, content);
  });
  const call = once(async () => {
    const { CONNECT_INSTANCE_ID, CONNECT_FLOW_ID, CONNECT_REGION } = environment;
    if (!CONNECT_INSTANCE_ID || !CONNECT_FLOW_ID) throw new Error('this deployment has no voice');
    const [{ ConnectClient }, { placeCall }] = await Promise.all([
      import('@aws-sdk/client-connect'),
      import('../../shared/carriers/connect.ts'),
    ]);
    const client = trimmedClient(new ConnectClient(clientConfiguration('connect', CONNECT_REGION)));
    const settings = {
      instanceId: CONNECT_INSTANCE_ID,
      flowId: CONNECT_FLOW_ID,
      queueId: environment.CONNECT_QUEUE_ID,
      sourcePhoneNumber: environment.CONNECT_SOURCE_NUMBER,
    };
    return (to: string, deliveryId: string) => placeCall(client, settings, to, deliveryId);
  });

  let paced: Promise<void> = Promise.resolve();

  const sendCode: Record<'SMS' | 'Email' | 'Call', (message: CodeMessage) => Promise<CarrierResult>> = {
    async SMS({ to, code, secondsLeft, country, locale }) {
      const originHost = environment.SMS_ORIGIN_HOST;
      return (await sms())(to, smsForCode({ code, secondsLeft, country, locale, organisation, originHost }));
    },
    async Email({ to, code, secondsLeft, device, locale }) {
      return (await email())(to, emailForCode({ code, secondsLeft, device }, sender, locale));
    },
    async Call({ to, deliveryId }) {
      const place = await call();
      // Waited for by the worker and not here: a call that became `sent` later than a decoy's would tell them apart.
      paced = new Promise((resolve) => setTimeout(resolve, paceOfCallsMilliseconds));
      return place(to, deliveryId);
    },
  };

  return {
    paced: () => paced,
    sendCode: (method, message) => sendCode[method](message),
    async sendNotice(channel, { to, kind, at, locale }) {
      if (channel === 'Email') return (await email())(to, emailForNotice(kind, at, sender, locale));
      return (await sms())(to, smsForNotice(kind, organisation, sender.supportContact, locale));
    },
  };
}

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
