/** Keeps web pages out of what has no password worth the name: the emulators, the token issuer, the routes under /local. */
import type { IncomingHttpHeaders } from 'node:http';

/** What a request is told that comes from elsewhere. */
export const onlyThisMachine =
  'Only requests addressed to 127.0.0.1 or localhost, and from no other web site, are answered here.';

/** False for a page of another site, and for one that points a host name of its own at this machine (DNS rebinding). */
export function comesFromThisMachine({ host, origin }: IncomingHttpHeaders): boolean {
  return [`http://${host ?? ''}`, origin].every((address) => {
    if (address === undefined) return true;
    const name = URL.parse(address)?.hostname;
    return name === '127.0.0.1' || name === 'localhost';
  });
}
