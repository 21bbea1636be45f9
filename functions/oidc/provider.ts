/** Configures oidc-provider: pushed requests, client authentication, and the exchange of codes for tokens. */
import { createHash, type KeyObject, timingSafeEqual, type X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import Provider, { ExternalSigningKey, type Middleware } from 'oidc-provider';
import type { Signer } from '../../shared/domain/assertion.ts';
import type { Clock } from '../../shared/domain/clock.ts';
import {
  type AuthorizationStore,
  codeLifetimeMilliseconds,
} from '../../shared/domain/sign-in-session/authorization.ts';
import { anyLoopback, type SignInClient } from '../../shared/environment/sign-in-clients.ts';
import { adapterFor, claimsOf } from './adapter.ts';
import { clientSigningAlgorithms } from './discovery.ts';
import { type Endpoint, endpointOf } from './node-exchange.ts';
import { isLoopback } from './redirect-uris.ts';

export interface ProviderOptions {
  readonly issuer: string;
  readonly clients: readonly SignInClient[];
  readonly authorizations: AuthorizationStore;
  readonly clock: Clock;
  readonly signer: Signer;
  /** Of the signing keys, the one in use first. */
  readonly certificates: readonly { readonly keyId: string; readonly certificate: X509Certificate }[];
}

export function providerEndpoint(options: ProviderOptions): Endpoint {
  const { issuer, clients } = options;
  const provider = new Provider(issuer, configurationOf(options));
  provider.proxy = true; // takes the scheme that `requestOf` sets, and nobody else can
  refineClients(provider, clients);
  provider.use(sayHowToAuthenticate);
  const faults = new WeakMap<IncomingMessage, Error>();
  provider.on('server_error', ({ req }, error) => faults.set(req, error));
  return endpointOf(provider.callback(), issuer, (request) => faults.get(request));
}

/** The library says only that it failed, and most clients send their secret in the body unless they are told. */
const sayHowToAuthenticate: Middleware = async (context, next) => {
  await next();
  if (context.body?.error !== 'invalid_client') return;
  context.body.error_description =
    'client authentication failed: send client_secret_basic or private_key_jwt, as registered for the client_id, with its own secret or key';
};

const idTokenSeconds = 120;

function configurationOf(options: ProviderOptions): object {
  const { clients, signer, certificates } = options;
  const inUse = certificates.find(({ keyId }) => keyId === signer.keyId)?.certificate;
  if (inUse === undefined) throw new Error('the signing key has no certificate');
  return {
    adapter: adapterFor(options),
    clients: clients.map(metadataOf),
    jwks: { keys: [new KmsKey(signer, inUse.publicKey)] },
    findAccount: (_context: unknown, sub: string) => ({ accountId: sub, claims: async () => claimsOf(sub) }),
    claims: { openid: ['sub', 'preferred_username', 'acr', 'amr', 'auth_time'] },
    conformIdTokenClaims: false, // there is no userinfo endpoint to fetch them from
    scopes: ['openid'],
    responseTypes: ['code'],
    pkce: { required: () => true },
    // Else a request without a redirect URI gets the client's only one, which locally is a pattern and no page.
    allowOmittingSingleRegisteredRedirectUri: false,
    clientAuthMethods: ['client_secret_basic', 'private_key_jwt'],
    enabledJWA: {
      clientAuthSigningAlgValues: [...clientSigningAlgorithms],
      idTokenSigningAlgValues: ['RS256'],
    },
    routes: { pushed_authorization_request: '/oidc/par', token: '/oidc/token' },
    ttl: {
      AuthorizationCode: codeLifetimeMilliseconds / 1000,
      IdToken: idTokenSeconds,
      AccessToken: idTokenSeconds,
    },
    issueRefreshToken: async () => false,
    cookies: { keys: ['no cookie is ever set by these two endpoints'] },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      dPoP: { enabled: false },
      resourceIndicators: { enabled: false },
      pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true },
      externalSigningSupport: { enabled: true, ack: 'experimental-01' },
    },
  };
}

function metadataOf({ id, name, redirectUris, secretSha256, jwks, jwksUrl }: SignInClient) {
  return {
    client_id: id,
    client_name: name,
    redirect_uris: redirectUris,
    grant_types: ['authorization_code'],
    response_types: ['code'] as ['code'],
    ...(secretSha256 === undefined
      ? {
          token_endpoint_auth_method: 'private_key_jwt',
          ...(jwksUrl === undefined ? { jwks } : { jwks_uri: jwksUrl }),
        }
      : { token_endpoint_auth_method: 'client_secret_basic', client_secret: secretSha256 }),
  };
}

/** Secrets are compared by their digests. A redirect URI is compared exactly, but for loopback in the local stack. */
function refineClients(provider: Provider, clients: readonly SignInClient[]): void {
  const loose = new Set(
    clients.filter(({ redirectUris }) => redirectUris.includes(anyLoopback)).map(({ id }) => id),
  );
  const { prototype } = provider.Client as { readonly prototype: ClientMethods };
  const { redirectUriAllowed } = prototype;
  prototype.compareClientSecret = async function (actual) {
    const digest = createHash('sha256').update(actual).digest();
    const expected = Buffer.from(this.clientSecret, 'hex');
    return digest.length === expected.length && timingSafeEqual(digest, expected);
  };
  prototype.redirectUriAllowed = function (uri) {
    return redirectUriAllowed.call(this, uri) || (loose.has(this.clientId) && isLoopback(uri));
  };
}

interface ClientMethods {
  readonly clientId: string;
  readonly clientSecret: string;
  compareClientSecret(actual: string): Promise<boolean>;
  redirectUriAllowed(uri: string): boolean;
}

/** The key stays in KMS: the library has its public half, and asks for each signature. */
class KmsKey extends ExternalSigningKey {
  readonly #signer: Signer;
  readonly #publicKey: KeyObject;
  constructor(signer: Signer, publicKey: KeyObject) {
    super();
    this.#signer = signer;
    this.#publicKey = publicKey;
  }
  override get kid() {
    return this.#signer.keyId;
  }
  override get alg() {
    return 'RS256';
  }
  override keyObject() {
    return this.#publicKey;
  }
  override async sign(data: Uint8Array) {
    return this.#signer.sign(Buffer.from(data).toString('ascii')); // base64url and a point
  }
}
