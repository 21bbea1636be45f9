// A web login whose second factor is the sign-in page. Try it with `npm start` running: node docs/examples/redirect.mjs
import { createServer } from 'node:http';
import * as oidc from 'openid-client';

const {
  API = 'http://127.0.0.1:3000',
  CLIENT_ID = 'web-login',
  CLIENT_SECRET = 'local',
  PORT = '8080',
} = process.env;
const isLocal = new URL(API).protocol === 'http:';
const provider = await oidc.discovery(
  new URL(API),
  CLIENT_ID,
  undefined,
  oidc.ClientSecretBasic(CLIENT_SECRET),
  {
    execute: isLocal ? [oidc.allowInsecureRequests] : [],
  },
);
const redirect_uri = `http://127.0.0.1:${PORT}/callback`;
const begun = new Map(); // in your login: the browser's own session

async function begin(userId) {
  const checks = {
    verifier: oidc.randomPKCECodeVerifier(),
    state: oidc.randomState(),
    nonce: oidc.randomNonce(),
  };
  const code_challenge = await oidc.calculatePKCECodeChallenge(checks.verifier);
  const request = {
    redirect_uri,
    scope: 'openid',
    login_hint: userId,
    code_challenge,
    code_challenge_method: 'S256',
  };
  const { state, nonce } = checks;
  begun.set(state, { ...checks, userId });
  return oidc.buildAuthorizationUrlWithPAR(provider, { ...request, state, nonce });
}

async function finish(url) {
  const session = begun.get(url.searchParams.get('state'));
  begun.delete(url.searchParams.get('state'));
  if (session === undefined) throw new Error('no sign-in is under way');
  const { verifier: pkceCodeVerifier, state: expectedState, nonce: expectedNonce, userId } = session;
  const tokens = await oidc.authorizationCodeGrant(provider, url, {
    pkceCodeVerifier,
    expectedState,
    expectedNonce,
  });
  if (tokens.claims().preferred_username !== userId) throw new Error('somebody else');
  return tokens.claims();
}

createServer(async (request, response) => {
  const url = new URL(request.url, `http://127.0.0.1:${PORT}`);
  try {
    if (url.pathname === '/callback') return response.end(JSON.stringify(await finish(url), null, 2));
    if (url.pathname !== '/') return response.writeHead(404).end();
    response.writeHead(302, { location: (await begin('alice')).href }).end(); // once the password is right
  } catch (error) {
    response.writeHead(403).end(error.error ?? error.message);
  }
}).listen(Number(PORT), '127.0.0.1', () => console.log(`http://127.0.0.1:${PORT}/`));
