/** The same web login on `oauth4webapi`, which leaves each step of OpenID Connect to its caller. */
import * as oauth from 'oauth4webapi';
import type { Stack } from '../stack.ts';
import { callback, type Login } from './relying-party.ts';

const insecure = { [oauth.allowInsecureRequests]: true };

export async function beginBareLogin(stack: Stack, person: string): Promise<Login> {
  const skew = Math.round(((await stack.now()) - Date.now()) / 1000);
  const client = { client_id: 'web-login', [oauth.clockSkew]: skew };
  const secret = oauth.ClientSecretBasic('local');
  const issuer = new URL(stack.origin);
  const discovered = await oauth.discoveryRequest(issuer, insecure);
  const server = await oauth.processDiscoveryResponse(issuer, discovered);
  const verifier = oauth.generateRandomCodeVerifier();
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
  const request = new URLSearchParams({
    response_type: 'code',
    redirect_uri: callback,
    scope: 'openid',
    login_hint: person,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  });
  const pushed = await oauth.pushedAuthorizationRequest(server, client, secret, request, insecure);
  const { request_uri } = await oauth.processPushedAuthorizationResponse(server, client, pushed);
  const query = new URLSearchParams({ client_id: client.client_id, request_uri });
  return {
    authorizationUrl: `${server.authorization_endpoint}?${query}`,
    async finish(answerUrl) {
      const answer = oauth.validateAuthResponse(server, client, new URL(answerUrl), state);
      const exchanged = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        secret,
        answer,
        callback,
        verifier,
        insecure,
      );
      const expected = { expectedNonce: nonce, requireIdToken: true };
      const tokens = await oauth.processAuthorizationCodeResponse(server, client, exchanged, expected);
      await oauth.validateApplicationLevelSignature(server, exchanged, insecure);
      return oauth.getValidatedIdTokenClaims(tokens) as oauth.IDToken;
    },
  };
}
