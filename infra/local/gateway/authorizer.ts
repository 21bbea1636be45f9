/** The HTTP API's JWT authorizer: signature, issuer, audience, time and the route's scopes. */
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import type { Template } from '../template/template.ts';
import type { HttpRoute } from './http-routes.ts';

export interface JwtConfiguration {
  readonly issuer: string;
  readonly audience: readonly string[];
}

export type Authorization =
  /** `claims` and `scopes` as the event carries them: every value as text. */
  | { readonly kind: 'granted'; readonly claims: Readonly<Record<string, string>>; readonly scopes: string[] }
  | { readonly kind: 'unauthenticated'; readonly reason: string }
  | { readonly kind: 'forbidden' };

export type Authorize = (
  header: string | undefined,
  wanted: NonNullable<HttpRoute['authorization']>,
) => Promise<Authorization>;

/** JWT authorizers by logical id. */
export function readAuthorizers(template: Template): Map<string, JwtConfiguration> {
  return new Map(
    template.ofType('AWS::ApiGatewayV2::Authorizer').map(([id, { Properties }]) => {
      const { Issuer, Audience } = template.resolve(Properties['JwtConfiguration'], id) as Record<
        string,
        unknown
      >;
      return [id, { issuer: String(Issuer), audience: Audience as string[] }];
    }),
  );
}

type KeySet = ReturnType<typeof createRemoteJWKSet>;

/** Token times are compared with real time, not with the movable clock.
 * @throws from the returned function when the issuer cannot be reached. */
export function createAuthorizer(authorizers: ReadonlyMap<string, JwtConfiguration>): Authorize {
  const keySets = new Map<string, Promise<KeySet>>();
  const keysOf = (issuer: string): Promise<KeySet> => {
    const known = keySets.get(issuer) ?? discover(issuer);
    keySets.set(issuer, known);
    known.catch(() => keySets.delete(issuer));
    return known;
  };

  return async (header, { authorizerId, scopes }) => {
    const configuration = authorizers.get(authorizerId);
    if (configuration === undefined) throw new Error(`${authorizerId}: the template has no such authorizer`);
    const token = /^(?:Bearer )?([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(header?.trim() ?? '')?.[1];
    if (token === undefined) return { kind: 'unauthenticated', reason: 'a bearer token is needed' };
    const claims = await verify(token, configuration, await keysOf(configuration.issuer));
    if (claims === undefined) return { kind: 'unauthenticated', reason: 'the token is not valid' };
    const held = scopesOf(claims);
    if (scopes.length > 0 && !scopes.some((scope) => held.includes(scope))) return { kind: 'forbidden' };
    return {
      kind: 'granted',
      claims: Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, asText(value)])),
      scopes: held.filter((scope) => scopes.includes(scope)),
    };
  };
}

async function discover(issuer: string): Promise<KeySet> {
  const answer = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  if (!answer.ok) throw new Error(`${issuer} answered ${answer.status} to discovery`);
  const { jwks_uri: uri } = (await answer.json()) as { jwks_uri: string };
  return createRemoteJWKSet(new URL(uri));
}

async function verify(
  token: string,
  expected: JwtConfiguration,
  keys: KeySet,
): Promise<JWTPayload | undefined> {
  try {
    // API Gateway's JWT authorizers accept RSA signatures only.
    const algorithms = ['RS256', 'RS384', 'RS512'];
    const { payload } = await jwtVerify(token, keys, {
      issuer: expected.issuer,
      algorithms,
      requiredClaims: ['exp'],
    });
    // `client_id` stands in where an issuer, Cognito among them, sets no audience.
    const audience = payload.aud ?? payload['client_id'];
    return [audience].flat().some((one) => expected.audience.includes(String(one))) ? payload : undefined;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

function scopesOf(claims: JWTPayload): string[] {
  const scope = claims['scope'] ?? claims['scp'] ?? '';
  return Array.isArray(scope) ? scope.map(String) : String(scope).split(' ');
}

/** As API Gateway writes claims into the event: lists in brackets, everything else as JSON would print it. */
function asText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.join(' ')}]`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
