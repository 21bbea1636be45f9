/** Keeps web pages away from the emulators, the token issuer and /local: their secrets are known to everybody. */
import type { IncomingHttpHeaders } from 'node:http';

/** The refusal of a request from elsewhere. */
export const onlyThisMachine =
  'Only requests addressed to 127.0.0.1 or localhost, and from no other web site, are answered here.';

/** False for the page of another site, also when its host name points at this machine (DNS rebinding). */
export function comesFromThisMachine({ host, origin }: IncomingHttpHeaders): boolean {
  return [`http://${host ?? ''}`, origin].every((address) => {
    if (address === undefined) return true;
    const name = URL.parse(address)?.hostname;
    return name === '127.0.0.1' || name === 'localhost';
  });
}
