/** The host that a code by SMS is bound to, so that phones fill it in there alone (WICG, sms-one-time-codes). */
import { doorKindOf } from '../../shared/domain/identifiers/client.ts';
import type { Environment } from '../../shared/environment/configuration.ts';

type Hosts = Pick<Environment<'deliver'>, 'ASSERTION_ISSUER' | 'SMS_ORIGIN_HOST'>;

/** Codes of the sign-in page are for its own host, those of API clients for the host of their page. A logon screen has none. */
export function originHostFor(
  client: string,
  { ASSERTION_ISSUER: issuer, SMS_ORIGIN_HOST: ofClients }: Hosts,
): string | undefined {
  if (isOfLogonScreen(client)) return undefined;
  const isOfPage = ['page', 'entra'].includes(doorKindOf(client) ?? '');
  return isOfPage ? new URL(issuer).hostname : ofClients;
}

/** Where nobody has shown a password yet. */
export const isOfLogonScreen = (client: string): boolean => doorKindOf(client) === 'windows';
