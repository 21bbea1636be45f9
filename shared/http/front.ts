/** Whether a request came through the CDN or firewall in front of the API, which adds a secret to each. */
import { createHash } from 'node:crypto';
import { sameDigest } from '../domain/crypto/digest.ts';
import { frontSecretsInForce } from '../environment/configuration.ts';
import { type Answer, problem } from './problem.ts';

/** What CloudFront is told to add to each request; whatever somebody sends under this name it replaces. */
const header = 'x-mfa-front';

interface Requested {
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/**
 * What a request that went around is answered with; `undefined` for one that may go on, and for all where nothing
 * stands in front.
 */
export function refusedByFront({ headers }: Requested, digests = frontSecretsInForce()): Answer | undefined {
  if (digests.length === 0) return undefined;
  const digest = createHash('sha256')
    .update(headers?.[header] ?? '')
    .digest('hex');
  // All are compared, so that the time does not tell the new one from the old.
  const found = digests.filter((each) => sameDigest(digest, each));
  return found.length > 0
    ? undefined
    : problem('forbidden', { detail: 'Call the host that assertions name as iss.' });
}
