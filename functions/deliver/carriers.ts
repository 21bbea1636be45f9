/** The carriers of this deployment: words codes and notices, and hands them to SNS, SES and Connect. */
import type { CarrierResult, Carriers, CodeMessage } from '../../shared/domain/delivery/carriers.ts';
import type { Environment } from '../../shared/environment/configuration.ts';
import { emailForCode, emailForNotice } from '../../shared/messages/email.ts';
import { smsForCode, smsForNotice } from '../../shared/messages/sms.ts';
import { callClient, emailClient, smsClient } from './clients.ts';
import { isOfLogonScreen, originHostFor } from './origin-host.ts';

/** Connect starts two calls a second. Two workers, each of which waits a second after a call, stay below that. */
const callPaceMilliseconds = 1_000;

export interface PacedCarriers extends Carriers {
  /** Resolves a second after the newest call; until then the worker must not take another message. */
  paced(): Promise<void>;
}

export function carriersFor(environment: Environment<'deliver'>): PacedCarriers {
  const organisation = environment.ORGANISATION_NAME;
  const sender = { organisation, supportContact: environment.SUPPORT_CONTACT };
  const sms = smsClient(environment);
  const email = emailClient(environment);
  const call = callClient(environment);

  let paced: Promise<void> = Promise.resolve();

  const sendCode: Record<'SMS' | 'Email' | 'Call', (message: CodeMessage) => Promise<CarrierResult>> = {
    async SMS({ to, client, ...code }) {
      const originHost = originHostFor(client, environment);
      return (await sms())(to, smsForCode({ ...code, organisation, originHost }));
    },
    async Email({ to, locale, client, ...code }) {
      const isAnonymous = isOfLogonScreen(client);
      return (await email())(to, emailForCode({ ...code, isAnonymous }, sender, locale));
    },
    async Call({ to, deliveryId }) {
      const place = await call();
      // The worker waits for this after the batch. Waiting here would make a real call `sent` later than a decoy's,
      // and so reveal who is enrolled.
      paced = new Promise((resolve) => setTimeout(resolve, callPaceMilliseconds));
      return place(to, deliveryId);
    },
  };

  return {
    paced: () => paced,
    sendCode: (method, message) => sendCode[method](message),
    async sendNotice(channel, { to, kind, at, locale, codes, notMe }) {
      if (channel === 'Email') {
        const stopLink = notMe === undefined ? undefined : `${environment.ASSERTION_ISSUER}/not-me/${notMe}`;
        return (await email())(to, emailForNotice({ kind, at, codes, stopLink }, sender, locale));
      }
      return (await sms())(to, smsForNotice(kind, organisation, sender.supportContact, locale));
    },
  };
}
