/** The sample login: a password page, the redirect to the sign-in page, and the verified claims. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as client from 'openid-client';
import type { Clock } from '../clock/clock.ts';
import { readBody } from '../gateway/request-body.ts';
import { developmentSecret } from '../token-issuer/issuer.ts';
import { escaped, sendPage } from './local-page.ts';

interface Started {
  readonly userId: string;
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
}

/** What a login keeps in its own session, here in memory by a cookie. */
const started = new Map<string, Started>();

const passwordForm = `<p>Any password will do. Then the page of the second factor comes, as for a person whose key is gone.</p>
<form method="post"><label>User <input name="user" value="alice" autocomplete="username"></label>
<label>Password <input name="password" type="password" value="anything" autocomplete="current-password"></label>
<button>Sign in</button></form>`;

/** Pushes the request, and sends the browser to the page: nothing of it stands in the URL but a reference. */
async function begin(
  request: IncomingMessage,
  response: ServerResponse,
  provider: client.Configuration,
  origin: string,
) {
  const body = await readBody(request, 4_096);
  const userId = new URLSearchParams(body === 'too-large' ? '' : body.toString('utf8')).get('user') ?? '';
  const verifier = client.randomPKCECodeVerifier();
  const session = { userId, verifier, state: client.randomState(), nonce: client.randomNonce() };
  const url = await client.buildAuthorizationUrlWithPAR(provider, {
    redirect_uri: `${origin}/local/demo/callback`,
    scope: 'openid',
    login_hint: userId,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state: session.state,
    nonce: session.nonce,
  });
  const id = randomBytes(16).toString('base64url');
  started.set(id, session);
  response.writeHead(302, {
    location: url.href,
    'set-cookie': `demo=${id}; Path=/local/demo; HttpOnly; SameSite=Lax`,
  });
  response.end();
}

/** Takes the code back, exchanges it, and compares the name: the person who proved it is the one who gave the password. */
async function finish(
  request: IncomingMessage,
  response: ServerResponse,
  provider: client.Configuration,
  url: URL,
) {
  const id = /(?:^|; )demo=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
  const session = started.get(id);
  started.delete(id);
  if (session === undefined)
    return sendPage(response, 400, 'No sign-in is under way', '<p><a href="/local/demo">Begin again</a></p>');
  try {
    const tokens = await client.authorizationCodeGrant(provider, url, {
      pkceCodeVerifier: session.verifier,
      expectedState: session.state,
      expectedNonce: session.nonce,
    });
    const claims = tokens.claims();
    const isSame = claims?.['preferred_username'] === session.userId;
    const shown = escaped(JSON.stringify(claims, undefined, 2));
    return sendPage(
      response,
      isSame ? 200 : 403,
      isSame ? 'Signed in' : 'Somebody else',
      `<pre>${shown}</pre><p><a href="/local/demo">Again</a></p>`,
    );
  } catch (error) {
    const why =
      error instanceof client.AuthorizationResponseError ? error.error : 'the answer could not be checked';
    return sendPage(
      response,
      403,
      'Not signed in',
      `<p>${escaped(why)}</p><p><a href="/local/demo">Again</a></p>`,
    );
  }
}

/** @param origin of the provider, and of this login */
export function createDemo(origin: string, clock: Clock) {
  let server: client.ServerMetadata | undefined;
  const provider = async () => {
    const authentication = client.ClientSecretBasic(developmentSecret);
    const metadata = { [client.clockSkew]: Math.round((clock.now() - Date.now()) / 1_000) };
    const execute = [client.allowInsecureRequests]; // for http on this machine alone
    server ??= (
      await client.discovery(new URL(origin), 'web-login', metadata, authentication, { execute })
    ).serverMetadata();
    const configuration = new client.Configuration(server, 'web-login', metadata, authentication);
    client.allowInsecureRequests(configuration);
    return configuration;
  };
  return {
    page: (response: ServerResponse) => sendPage(response, 200, 'Example Portal', passwordForm),
    begin: async (request: IncomingMessage, response: ServerResponse) =>
      begin(request, response, await provider(), origin),
    finish: async (request: IncomingMessage, response: ServerResponse) =>
      finish(request, response, await provider(), new URL(request.url ?? '/', origin)),
  };
}
