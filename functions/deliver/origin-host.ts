/** The host that a code by SMS is bound to, so that phones fill it in there alone (WICG, sms-one-time-codes). */
import type { Environment } from '../../shared/environment/configuration.ts';

type Hosts = Pick<Environment<'deliver'>, 'ASSERTION_ISSUER' | 'SMS_ORIGIN_HOST'>;

/** Codes of the sign-in page are for its own host, those of API clients for the host of their page. A logon screen has none. */
export function originHostFor(
  client: string,
  { ASSERTION_ISSUER: issuer, SMS_ORIGIN_HOST: ofClients }: Hosts,
): string | undefined {
  if (isOfLogonScreen(client)) return undefined;
  const isOfPage = client.startsWith('page:') || client.startsWith('entra:');
  return isOfPage ? new URL(issuer).hostname : ofClients;
}

/** Where nobody has shown a password yet. */
export const isOfLogonScreen = (client: string): boolean => client.startsWith('windows:');
