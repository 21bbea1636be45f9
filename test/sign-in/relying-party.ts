/** A web login that uses `openid-client` as it comes, and the person in front of it. */
import * as client from 'openid-client';
import type { Stack } from '../stack.ts';
import { type Browser, formOf, linkOf, newBrowser, type Page } from './browser.ts';

/** Nothing listens there: a browser of these tests stops at the way back. */
export const callback = 'http://127.0.0.1:9/callback';

export interface Login {
  readonly authorizationUrl: string;
  /** Exchanges the answer for claims, with all the checks of the library. */
  finish(answerUrl: string): Promise<client.IDToken>;
}

export interface LoginOptions {
  readonly person: string;
  readonly client?: 'web-login' | 'web-login-jwt';
  readonly parameters?: Readonly<Record<string, string>>;
}

/** By the stack's own clock. */
export async function relyingParty(stack: Stack, clientId: 'web-login' | 'web-login-jwt' = 'web-login') {
  const skew = Math.round(((await stack.now()) - Date.now()) / 1000);
  const metadata = { [client.clockSkew]: skew };
  const authentication =
    clientId === 'web-login' ? client.ClientSecretBasic('local') : await byPrivateKey(stack);
  return client.discovery(new URL(stack.origin), clientId, metadata, authentication, {
    execute: [client.allowInsecureRequests],
  });
}

async function byPrivateKey({ origin }: Stack): Promise<client.ClientAuth> {
  const { kid = '', ...jwk } = (await (await fetch(`${origin}/local/web-login-jwt.jwk`)).json()) as Record<
    string,
    string
  >;
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const key = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['sign']);
  return client.PrivateKeyJwt({ key, kid });
}

export async function beginLogin(
  stack: Stack,
  { person, client: id, parameters }: LoginOptions,
): Promise<Login> {
  const party = await relyingParty(stack, id);
  const verifier = client.randomPKCECodeVerifier();
  const [state, nonce] = [client.randomState(), client.randomNonce()];
  const url = await client.buildAuthorizationUrlWithPAR(party, {
    redirect_uri: callback,
    scope: 'openid',
    login_hint: person,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...parameters,
  });
  return {
    authorizationUrl: url.href,
    async finish(answerUrl) {
      const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce };
      const tokens = await client.authorizationCodeGrant(party, new URL(answerUrl), checks);
      return tokens.claims() as client.IDToken;
    },
  };
}

/** What a person does on a page: fills in the form of an act and sends it. */
export function submit(
  browser: Browser,
  page: Page,
  act: string,
  fields: Readonly<Record<string, string>> = {},
) {
  const form = formOf(page, act);
  return browser.post(form.action, { ...form.fields, ...fields });
}

/** Opens the page of a login, and has a code sent by a method. */
export async function askForCode(stack: Stack, login: Login, method: string, browser = newBrowser()) {
  const choice = await browser.open(login.authorizationUrl);
  const page = await submit(browser, choice, 'method', { method });
  return { browser, choice, page, stack };
}

/** The whole way by a code. */
export async function signIn(stack: Stack, login: Login, method: string, code: () => Promise<string>) {
  const { browser, page } = await askForCode(stack, login, method);
  const end = await submit(browser, page, 'code', { code: await code() });
  return { browser, end, answerUrl: linkOf(end) };
}
