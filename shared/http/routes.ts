/** The routes of the API: which function answers each, and which scopes it needs. */
import type { FunctionName } from '../environment/variables.ts';

export const scopes = { signin: 'mfa/signin', helpdesk: 'mfa/helpdesk', admin: 'mfa/admin' } as const;
export type Scope = (typeof scopes)[keyof typeof scopes];

const signin = [scopes.signin] as const;
const helpdesk = [scopes.helpdesk, scopes.admin] as const;
const admin = [scopes.admin] as const;
const anyone = [scopes.signin, scopes.helpdesk, scopes.admin] as const;

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly function: FunctionName;
  /** One of these suffices; `null` means that the route needs no token. */
  readonly scopes: readonly Scope[] | null;
}

export const routes = [
  { method: 'POST', path: '/v1/otp-challenges', function: 'issue-otp', scopes: signin },
  { method: 'POST', path: '/v1/otp-challenges/{challengeId}/resend', function: 'issue-otp', scopes: signin },
  { method: 'GET', path: '/v1/otp-challenges/{challengeId}', function: 'issue-otp', scopes: signin },
  { method: 'POST', path: '/v1/otp-challenges/{challengeId}/verify', function: 'verify-otp', scopes: signin },
  { method: 'POST', path: '/v1/kba-challenges', function: 'kba-check', scopes: signin },
  { method: 'POST', path: '/v1/kba-challenges/{challengeId}/check', function: 'kba-check', scopes: signin },
  { method: 'POST', path: '/v1/backup-codes/verify', function: 'verify-otp', scopes: signin },
  {
    method: 'POST',
    path: '/v1/users/{userId}/backup-codes',
    function: 'generate-backup-code',
    scopes: helpdesk,
  },
  {
    method: 'GET',
    path: '/v1/users/{userId}/backup-codes',
    function: 'generate-backup-code',
    scopes: helpdesk,
  },
  {
    method: 'DELETE',
    path: '/v1/users/{userId}/backup-codes',
    function: 'generate-backup-code',
    scopes: helpdesk,
  },
  { method: 'POST', path: '/v1/recoveries', function: 'recovery', scopes: signin },
  { method: 'POST', path: '/v1/recoveries/{recoveryId}/path', function: 'recovery', scopes: signin },
  { method: 'GET', path: '/v1/recoveries/{recoveryId}', function: 'recovery', scopes: signin },
  { method: 'GET', path: '/v1/users', function: 'users', scopes: admin },
  { method: 'GET', path: '/v1/readiness', function: 'users', scopes: admin },
  { method: 'PUT', path: '/v1/users/{userId}', function: 'users', scopes: admin },
  { method: 'PATCH', path: '/v1/users/{userId}', function: 'users', scopes: admin },
  { method: 'GET', path: '/v1/users/{userId}', function: 'users', scopes: helpdesk },
  { method: 'DELETE', path: '/v1/users/{userId}', function: 'users', scopes: admin },
  { method: 'POST', path: '/v1/users/{userId}/unlock', function: 'users', scopes: helpdesk },
  { method: 'GET', path: '/v1/users/{userId}/deliveries', function: 'users', scopes: helpdesk },
  { method: 'GET', path: '/v1/users/{userId}/explanation', function: 'users', scopes: helpdesk },
  { method: 'POST', path: '/v1/users/{userId}/approvals', function: 'users', scopes: helpdesk },
  {
    method: 'POST',
    path: '/v1/users/{userId}/caller-verifications',
    function: 'issue-otp',
    scopes: helpdesk,
  },
  {
    method: 'POST',
    path: '/v1/caller-verifications/{callerVerificationId}/verify',
    function: 'issue-otp',
    scopes: helpdesk,
  },
  { method: 'GET', path: '/v1/restrictions', function: 'users', scopes: admin },
  { method: 'PUT', path: '/v1/restrictions', function: 'users', scopes: admin },
  { method: 'GET', path: '/v1/policy', function: 'policy', scopes: anyone },
  { method: 'GET', path: '/.well-known/jwks.json', function: 'policy', scopes: null },
  { method: 'GET', path: '/v1/health', function: 'policy', scopes: null },
] as const satisfies readonly Route[];

/** Whether the token has the administrator's scope. */
export function isAdministrator(token: { readonly scopes: readonly string[] }): boolean {
  return token.scopes.includes(scopes.admin);
}

/** Routes of doors that speak a protocol of others: no token, no JSON of ours, no place in the OpenAPI document. */
export const doorRoutes = [
  {
    method: 'POST',
    path: '/windows/{deploymentKey}/validate/check',
    function: 'windows',
    scopes: null,
  },
  {
    method: 'GET',
    path: '/windows/{deploymentKey}/validate/polltransaction',
    function: 'windows',
    scopes: null,
  },
  { method: 'GET', path: '/scim/v2/{endpoint}', function: 'scim', scopes: null },
  { method: 'POST', path: '/scim/v2/{endpoint}', function: 'scim', scopes: null },
  { method: 'PUT', path: '/scim/v2/{endpoint}', function: 'scim', scopes: null },
  { method: 'PATCH', path: '/scim/v2/{endpoint}', function: 'scim', scopes: null },
  { method: 'DELETE', path: '/scim/v2/{endpoint}', function: 'scim', scopes: null },
  { method: 'GET', path: '/scim/v2/ServiceProviderConfig', function: 'scim', scopes: null },
  { method: 'GET', path: '/scim/v2/ResourceTypes', function: 'scim', scopes: null },
  { method: 'GET', path: '/scim/v2/ResourceTypes/{id}', function: 'scim', scopes: null },
  { method: 'GET', path: '/scim/v2/Schemas', function: 'scim', scopes: null },
  { method: 'GET', path: '/scim/v2/Schemas/{id}', function: 'scim', scopes: null },
  { method: 'GET', path: '/scim/v2/Users', function: 'scim', scopes: null },
  { method: 'POST', path: '/scim/v2/Users', function: 'scim', scopes: null },
  { method: 'GET', path: '/scim/v2/Users/{id}', function: 'scim', scopes: null },
  { method: 'PUT', path: '/scim/v2/Users/{id}', function: 'scim', scopes: null },
  { method: 'PATCH', path: '/scim/v2/Users/{id}', function: 'scim', scopes: null },
  { method: 'DELETE', path: '/scim/v2/Users/{id}', function: 'scim', scopes: null },
  { method: 'GET', path: '/.well-known/openid-configuration', function: 'oidc', scopes: null },
  { method: 'POST', path: '/oidc/par', function: 'oidc', scopes: null },
  { method: 'POST', path: '/oidc/token', function: 'oidc', scopes: null },
  { method: 'GET', path: '/oidc/authorize', function: 'sign-in', scopes: null },
  { method: 'POST', path: '/oidc/authorize', function: 'sign-in', scopes: null },
  { method: 'GET', path: '/sign-in/{handle}', function: 'sign-in', scopes: null },
  { method: 'POST', path: '/sign-in/{handle}', function: 'sign-in', scopes: null },
  { method: 'GET', path: '/sign-in/{handle}/ways', function: 'sign-in', scopes: null },
  { method: 'GET', path: '/sign-in/{handle}/recoveries', function: 'sign-in', scopes: null },
  { method: 'GET', path: '/not-me/{token}', function: 'sign-in', scopes: null },
  { method: 'POST', path: '/not-me/{token}', function: 'sign-in', scopes: null },
] as const satisfies readonly Route[];

/** `HEAD` works wherever `GET` does (RFC 9110 §9.1): monitors ask by it. */
export function methodsOf(method: Route['method']): readonly (Route['method'] | 'HEAD')[] {
  return method === 'GET' ? ['GET', 'HEAD'] : [method];
}

type KeyOf<R extends Route> = R extends Route ? `${R['method']} ${R['path']}` : never;

/** `METHOD /path`, as API Gateway names a route. */
export type RouteKey = KeyOf<(typeof routes)[number]>;

/** Every path that no route declares: the answer is a problem document. */
export const unknownRoute = { path: '$default', function: 'policy', scopes: null } as const;

/**
 * The scopes that a route asks for. Functions check them, since API Gateway looks for scopes in `scope` and `scp` alone.
 * A key that no route has opens to nobody.
 */
export function scopesFor(key: string): Route['scopes'] {
  if (key === unknownRoute.path) return unknownRoute.scopes;
  const all: readonly Route[] = routes;
  const found = all.find(({ method, path }) => `${method} ${path}` === key);
  return found === undefined ? [] : found.scopes;
}

/** A function behind the API. */
export type ApiFunction = (typeof routes)[number]['function'];

/** A function of a door. */
export type DoorFunction = (typeof doorRoutes)[number]['function'];
export type DoorRouteKeyOf<F extends DoorFunction> = KeyOf<
  Extract<(typeof doorRoutes)[number], { readonly function: F }>
>;

/** What one function answers: each of its routes, and whatever else is its own. */
export type RouteKeyOf<F extends ApiFunction> =
  | KeyOf<Extract<(typeof routes)[number], { readonly function: F }>>
  | (F extends typeof unknownRoute.function ? typeof unknownRoute.path : never);
