/** Access tokens by client credentials (RFC 6749 §4.4): fetched when one is needed, and kept while it lives. */
import { secureAddress } from './address.ts';
import { ClientFault } from './fault.ts';

/** @param renew true when the API refused the token that was given before */
export type TokenSource = (renew: boolean) => string | Promise<string>;

export interface ClientCredentials {
  /** The stack's output TokenEndpoint, or your own issuer's. */
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where the issuer wants scopes to be asked for, as Entra ID and Okta do. */
  readonly scope?: string | undefined;
  /** Further parameters of the token request, for example `audience` of Auth0. */
  readonly tokenParameters?: Readonly<Record<string, string>> | undefined;
}

const requestSeconds = 10;
const tries = 3;
/** A token that ends sooner might end on its way. */
const marginSeconds = 60;
/** Where the issuer does not say (RFC 6749 §5.1 only recommends that it does). */
const unsaidLifetimeSeconds = 300;

interface Kept {
  readonly token: string;
  /** Epoch milliseconds. */
  readonly until: number;
}

/** One request at a time, however many calls wait for it. */
export function clientCredentials(credentials: ClientCredentials, send: typeof fetch): TokenSource {
  secureAddress('tokenUrl', credentials.tokenUrl);
  let kept: Kept | undefined;
  let pending: Promise<Kept> | undefined;
  return async (renew) => {
    if (renew) kept = undefined;
    if (kept !== undefined && Date.now() < kept.until) return kept.token;
    pending ??= request(credentials, send).finally(() => {
      pending = undefined;
    });
    kept = await pending;
    return kept.token;
  };
}

/** @throws ClientFault */
async function request(credentials: ClientCredentials, send: typeof fetch): Promise<Kept> {
  const { tokenUrl, clientId, clientSecret, scope, tokenParameters } = credentials;
  for (let tried = 1; ; tried += 1) {
    const answer = await send(tokenUrl, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(requestSeconds * 1000),
      headers: { authorization: `Basic ${btoa(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`)}` },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        ...(scope === undefined ? {} : { scope }),
        ...tokenParameters,
      }),
    }).catch((cause: unknown) => new ClientFault('no-answer', 'the token issuer does not answer', { cause }));
    if (answer instanceof Response && answer.status < 500) return read(answer);
    await (answer instanceof Response ? answer.body?.cancel() : undefined);
    if (tried < tries) continue;
    throw answer instanceof Response
      ? new ClientFault('no-answer', `the token issuer answered ${answer.status}`)
      : answer;
  }
}

/** RFC 6749 §2.3.1. */
const formEncoded = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1);

async function read(answer: Response): Promise<Kept> {
  const body: unknown = await answer.json().catch(() => undefined);
  const { access_token: token, expires_in: lifetime, error } = (body ?? {}) as Record<string, unknown>;
  if (!answer.ok || typeof token !== 'string') {
    const said = typeof error === 'string' ? error : 'no access_token';
    throw new ClientFault('token-refused', `the token issuer answered ${answer.status}: ${said}`);
  }
  const seconds = Number(lifetime) > 0 ? Number(lifetime) : unsaidLifetimeSeconds;
  return { token, until: Date.now() + Math.max(seconds / 2, seconds - marginSeconds) * 1000 };
}
