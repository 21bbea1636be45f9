/** Access tokens of administrators, verified here: the routes of this door have no authorizer, since a directory's own token is no JWT. */
import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import { scopesOf } from '../../shared/http/claims.ts';
import { scopes } from '../../shared/http/routes.ts';

/** Whose tokens count, as the stage says it to API Gateway. */
export interface TokenRules {
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly clientIdClaim: string;
}

/** A token that is good, and who has it. */
export interface Administrator {
  readonly client: string;
  /** Whether it has the administrator's scope. */
  readonly isAllowed: boolean;
}

const fetchMilliseconds = 3_000;
const fetching = { timeoutDuration: fetchMilliseconds, cooldownDuration: 30_000 } as const;
/** API Gateway's own authorizers take these alone. */
const algorithms = ['RS256', 'RS384', 'RS512'];

const keySets = new Map<string, Promise<JWTVerifyGetKey>>();

/**
 * `undefined` for a token that is none of this issuer's, or is for somebody else, or is over.
 *
 * @param now of the request, in epoch milliseconds
 * @throws where the issuer's keys cannot be had: the token may be good
 */
export async function administratorOf(
  token: string,
  now: number,
  { issuer, audience, clientIdClaim }: TokenRules,
): Promise<Administrator | undefined> {
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return undefined;
  const { decodeJwt, errors, jwtVerify } = await import('jose');
  try {
    if (decodeJwt(token).iss !== issuer) return undefined; // before anything is fetched for it
    const options = { issuer, algorithms, requiredClaims: ['exp'], currentDate: new Date(now) };
    const { payload } = await jwtVerify(token, await keysOf(issuer), options);
    const client = payload[clientIdClaim];
    if (!isFor(audience, payload) || typeof client !== 'string' || client === '') return undefined;
    return { client, isAllowed: scopesOf(payload).includes(scopes.admin) };
  } catch (error) {
    const refusals = [
      ...[errors.JWTInvalid, errors.JWTExpired, errors.JWTClaimValidationFailed, errors.JWSInvalid],
      ...[errors.JWSSignatureVerificationFailed, errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys],
      ...[errors.JOSEAlgNotAllowed, errors.JOSENotSupported],
    ];
    if (refusals.some((refusal) => error instanceof refusal)) return undefined;
    throw error;
  }
}

/** `client_id` stands in where an issuer, Cognito among them, sets no audience. */
function isFor(audience: readonly string[], payload: JWTPayload): boolean {
  return [payload.aud ?? payload['client_id']].flat().some((one) => audience.includes(String(one)));
}

function keysOf(issuer: string): Promise<JWTVerifyGetKey> {
  const keys = keySets.get(issuer) ?? discovered(issuer);
  keySets.set(issuer, keys);
  keys.catch(() => keySets.delete(issuer));
  return keys;
}

async function discovered(issuer: string): Promise<JWTVerifyGetKey> {
  const { createRemoteJWKSet } = await import('jose');
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(fetchMilliseconds) });
  if (!answer.ok) throw new Error('the issuer of access tokens does not say where its keys are');
  const { jwks_uri: uri } = (await answer.json()) as { readonly jwks_uri?: unknown };
  return createRemoteJWKSet(new URL(String(uri)), fetching);
}
