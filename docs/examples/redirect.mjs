// A web login whose second factor is the sign-in page. Try it with `npm start` running: node docs/examples/redirect.mjs
import { createServer } from 'node:http';
import * as oidc from 'openid-client';

const { API = 'http://127.0.0.1:3000', LOGIN = 'http://127.0.0.1:8080' } = process.env;
const { CLIENT_ID = 'web-login', CLIENT_SECRET = 'local' } = process.env;
const basic = oidc.ClientSecretBasic(CLIENT_SECRET); // the library's own choice would be refused
const local = API.startsWith('http:') ? { execute: [oidc.allowInsecureRequests] } : {};
const provider = await oidc.discovery(new URL(API), CLIENT_ID, undefined, basic, local);
const begun = new Map(); // use your own sessions

async function begin(userId) {
  const [pkceCodeVerifier, nonce] = [oidc.randomPKCECodeVerifier(), oidc.randomNonce()];
  const state = oidc.randomState();
  begun.set(state, { userId, checks: { pkceCodeVerifier, expectedState: state, expectedNonce: nonce } });
  const code_challenge = await oidc.calculatePKCECodeChallenge(pkceCodeVerifier);
  const person = { scope: 'openid', login_hint: userId, redirect_uri: `${LOGIN}/callback` };
  const proof = { state, nonce, code_challenge, code_challenge_method: 'S256' };
  const { href: location } = await oidc.buildAuthorizationUrlWithPAR(provider, { ...person, ...proof });
  return { location, 'set-cookie': `login=${state}; Path=/callback; HttpOnly; SameSite=Lax` };
}

async function finish(url, cookie = '') {
  const { userId, checks } = begun.get(/login=([\w-]+)/.exec(cookie)?.[1]) ?? {};
  if (checks === undefined || !begun.delete(checks.expectedState)) throw new Error('Please start again.');
  const claims = (await oidc.authorizationCodeGrant(provider, url, checks)).claims();
  if (claims.preferred_username !== userId) throw new Error('Somebody else has signed in.');
  return claims;
}

createServer(async ({ url: path, headers }, response) => {
  const url = new URL(path, LOGIN);
  try {
    if (url.pathname === '/callback')
      response.end(JSON.stringify(await finish(url, headers.cookie), null, 2));
    else response.writeHead(302, await begin(url.searchParams.get('user') ?? 'alice')).end(); // password is right
  } catch (error) {
    response.writeHead(403).end(error.error ?? error.message);
  }
}).listen(new URL(LOGIN).port, () => console.log(`ready ${LOGIN}`));
