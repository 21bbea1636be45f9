/** The clients and tenants of the sign-in page as a function's environment has them. */

/** Stands in the local stage for any port and path of localhost and 127.0.0.1; no other stage may name it. */
export const anyLoopback = 'http://127.0.0.1/*';

/** A registered client of the provider. */
export interface SignInClient {
  readonly id: string;
  readonly name: string;
  readonly redirectUris: readonly string[];
  /** The SHA-256 of the secret in hexadecimal digits, for `client_secret_basic`. */
  readonly secretSha256?: string;
  /** Public keys, or where they are, for `private_key_jwt`. */
  readonly jwks?: { readonly keys: readonly object[] };
  readonly jwksUrl?: string;
}

/** A tenant of Entra ID that this provider is an external MFA method of. */
export interface EntraTenant {
  readonly tenantId: string;
  /** That this provider gave to Entra: `aud` of the answer. */
  readonly clientId: string;
  /** The application in the tenant: `aud` of the hint. */
  readonly applicationId: string;
  readonly redirectUri: string;
  readonly email?: boolean;
  /** Of the tenant's cloud: where its keys are, and who its hints come from. */
  readonly authority: string;
}

/** Validated when the deployment was synthesized. */
export function signInClientsFrom({
  OIDC_CLIENTS,
}: {
  readonly OIDC_CLIENTS?: string;
}): readonly SignInClient[] {
  return OIDC_CLIENTS === undefined ? [] : (JSON.parse(OIDC_CLIENTS) as readonly SignInClient[]);
}

/** By the client's id, for the link back. */
export function clientNamesFrom({
  OIDC_CLIENT_NAMES,
}: {
  readonly OIDC_CLIENT_NAMES?: string;
}): ReadonlyMap<string, string> {
  const names =
    OIDC_CLIENT_NAMES === undefined ? {} : (JSON.parse(OIDC_CLIENT_NAMES) as Record<string, string>);
  return new Map(Object.entries(names));
}

/** Validated when the deployment was synthesized. */
export function entraTenantsFrom({
  ENTRA_TENANTS,
}: {
  readonly ENTRA_TENANTS?: string;
}): readonly EntraTenant[] {
  return ENTRA_TENANTS === undefined ? [] : (JSON.parse(ENTRA_TENANTS) as readonly EntraTenant[]);
}
