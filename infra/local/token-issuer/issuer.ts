/** The development token issuer: OAuth 2.0 client credentials for four clients, each with one scope. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import Provider, { type Context, errors } from 'oidc-provider';
import { scopes } from '../../../shared/http/routes.ts';
import type { Owner } from '../gateway/server.ts';
import { ephemeralAdapter } from './adapter.ts';

/** Development clients and the scope of each; all have the same secret. */
export const developmentClients = {
  'credential-provider': scopes.signin,
  'web-login': scopes.signin,
  helpdesk: scopes.helpdesk,
  admin: scopes.admin,
} as const;
export type DevelopmentClient = keyof typeof developmentClients;
export const developmentSecret = 'local';

export interface TokenIssuerOptions {
  /** The `iss` of its tokens: this origin, with or without a path. */
  readonly issuer: string;
  readonly audience: string;
  /** Where the signing key survives a restart; absent: a new key at every start. */
  readonly keyFile?: string | undefined;
}

const accessTokenSeconds = 3_600;

/** Token times are real ones: the movable clock does not age them. */
export async function createTokenIssuer({ issuer, audience, keyFile }: TokenIssuerOptions): Promise<Owner> {
  const base = new URL(issuer).pathname.replace(/\/$/, '');
  const paths = { token: '/oauth2/token', jwks: '/oauth2/jwks' };
  const provider = new Provider(issuer, {
    adapter: ephemeralAdapter,
    jwks: { keys: [await signingKey(keyFile)] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    clients: Object.entries(developmentClients).map(([id, scope]) => ({
      client_id: id,
      client_secret: developmentSecret,
      scope,
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      token_endpoint_auth_method: 'client_secret_basic',
    })),
    clientAuthMethods: ['client_secret_basic', 'client_secret_post'], // whatever a client was registered with
    scopes: [...knownScopes],
    responseTypes: ['code'],
    routes: { token: paths.token.replace(base, ''), jwks: paths.jwks.replace(base, '') },
    ttl: { ClientCredentials: accessTokenSeconds },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      dPoP: { enabled: false },
      resourceIndicators: accessTokensFor(audience),
    },
  });
  const callback = provider.callback();
  const metadata = `${base}/.well-known/openid-configuration`;
  return {
    onlyThisMachine: true,
    owns: (path) => path === paths.token || path === paths.jwks || path === metadata,
    handle(request, response) {
      // Mounted as a framework would mount it: the provider tells its own URLs from the difference of the two.
      const originalUrl = request.url ?? '/';
      callback(Object.assign(request, { originalUrl, url: originalUrl.slice(base.length) }), response);
    },
  };
}

const knownScopes: ReadonlySet<string> = new Set(Object.values(scopes));

/** Access tokens are JWTs for one audience, with the scopes that were asked for. */
function accessTokensFor(audience: string) {
  return {
    enabled: true,
    defaultResource: ({ oidc }: Context) => {
      oidc.params.scope ??= oidc.client.scope ?? ''; // Cognito, too, grants all of a client's scopes when none is asked for
      return 'urn:mfa-fallback:api';
    },
    getResourceServerInfo: ({ oidc }: Context) => {
      const asked = oidc.params.scope?.split(' ') ?? [];
      const foreign = asked.find((scope) => !knownScopes.has(scope));
      if (foreign !== undefined) throw new errors.InvalidScope('requested scope does not exist', foreign);
      return {
        scope: [...knownScopes].join(' '),
        audience,
        accessTokenFormat: 'jwt',
        accessTokenTTL: accessTokenSeconds,
        jwt: { sign: { alg: 'RS256' } },
      };
    },
  };
}

/** One for the process: it takes a while to be made, and a process may run many stacks. */
let made: Promise<JWK> | undefined;

async function makeKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const kid = randomBytes(8).toString('hex');
  return { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid };
}

async function signingKey(file: string | undefined): Promise<JWK> {
  if (file !== undefined && existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as JWK;
  made ??= makeKey();
  const key = await made;
  if (file !== undefined) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(key), { mode: 0o600 });
  }
  return key;
}
