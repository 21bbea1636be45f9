/** Entra ID's signing keys: fetched from the address in the stage alone, within a time limit, and kept while the instance lives. */
import type { JWTVerifyGetKey } from 'jose';
import type { EntraTenant } from '../../shared/environment/sign-in-clients.ts';

/** The tenant's own part of its cloud. */
export const authorityOf = ({ authority, tenantId }: EntraTenant): string => `${authority}/${tenantId}`;

const fetching = {
  timeoutDuration: 3_000,
  /** A key that is not there is looked for again after half a minute at the earliest. */
  cooldownDuration: 30_000,
  /** Entra publishes a key long before it signs with it. */
  cacheMaxAge: 86_400_000,
} as const;

const keySets = new Map<string, JWTVerifyGetKey>();

/**
 * The claims of a hint whose signature is right; `undefined` where it is not.
 *
 * @throws where the keys cannot be had: the hint may be good
 */
export async function signedClaims(
  hint: string,
  tenant: EntraTenant,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const { compactVerify, createRemoteJWKSet, errors } = await import('jose');
  const url = `${authorityOf(tenant)}/discovery/v2.0/keys`;
  const keys = keySets.get(url) ?? createRemoteJWKSet(new URL(url), fetching);
  keySets.set(url, keys);
  try {
    const { payload } = await compactVerify(hint, keys, { algorithms: ['RS256'] });
    return JSON.parse(new TextDecoder().decode(payload)) as Record<string, unknown>;
  } catch (error) {
    const isRefused =
      error instanceof errors.JWSInvalid ||
      error instanceof errors.JWSSignatureVerificationFailed ||
      error instanceof errors.JWKSNoMatchingKey ||
      error instanceof errors.JWKSMultipleMatchingKeys ||
      error instanceof errors.JOSEAlgNotAllowed ||
      error instanceof SyntaxError;
    if (isRefused) return undefined;
    throw error;
  }
}
