/** The carriers of this deployment: words codes and notices, and hands them to SNS, SES and Connect. */
import type { CarrierResult, Carriers, CodeMessage } from '../../shared/domain/delivery/carriers.ts';
import type { Environment } from '../../shared/environment/configuration.ts';
import { emailForCode, emailForNotice } from '../../shared/messages/email.ts';
import { smsForCode, smsForNotice } from '../../shared/messages/sms.ts';
import { callClient, emailClient, smsClient } from './clients.ts';
import { isOfLogonScreen, originHostFor } from './origin-host.ts';

export function carriersFor(environment: Environment<'deliver'>): Carriers {
  const organisation = environment.ORGANISATION_NAME;
  const sender = { organisation, supportContact: environment.SUPPORT_CONTACT };
  const sms = smsClient(environment);
  const email = emailClient(environment);
  const call = callClient(environment);

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
      return (await call())(to, deliveryId);
    },
  };

  return {
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
