/** Plays Entra ID for the local tenant: signs a hint, posts the browser to the provider, and checks what comes back. */
import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRemoteJWKSet, exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import type { EntraTenant } from '../../../shared/environment/sign-in-clients.ts';
import type { Clock } from '../clock/clock.ts';
import { readBody } from '../gateway/request-body.ts';
import { escaped, sendPage } from './local-page.ts';

/** As Entra sends it when the first factor was a password. */
const asked = {
  acr: { essential: true, values: ['possessionorinherence'] },
  amr: {
    essential: true,
    values: 'face fido fpt hwk iris otp pop retina sc sms swk tel vbm'.split(' '),
  },
};

/** The object ids of the people whom the local tenant knows; anybody else's is made up of their name. */
export function objectIdOf(user: string): string {
  const digits = createHash('sha256').update(user.toLowerCase()).digest('hex');
  return `0a1b2c3d-0000-4000-9000-${digits.slice(0, 12)}`;
}

const keyId = 'local-entra-key';
const mostSeconds = 3_600;

/** Made when first asked for: most stacks never meet Entra. */
function keyPair(): () => ReturnType<typeof generateKeyPair> {
  let made: ReturnType<typeof generateKeyPair> | undefined;
  return () => {
    made ??= generateKeyPair('RS256', { extractable: true });
    return made;
  };
}

/** @param origin of the local stack @param tenant the one that its stage names */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: three short routes that share keys and nonces
export function createEntra(origin: string, tenant: EntraTenant, clock: Clock) {
  const [own, other] = [keyPair(), keyPair()];
  const keys = createRemoteJWKSet(new URL(`${origin}/.well-known/jwks.json`));
  const nonces = new Map<string, string>();

  /** `tid`, `aud`, `age` and `key=other` make hints that must be refused. */
  const hintFor = async (query: URLSearchParams) => {
    const user = query.get('user') ?? 'alice';
    const age = Math.min(Number(query.get('age') ?? 0) || 0, 30 * mostSeconds);
    const issued = Math.floor(clock.now() / 1000) - age;
    const tid = query.get('tid') ?? tenant.tenantId;
    const { privateKey } = await (query.get('key') === 'other' ? other() : own());
    return new SignJWT({ tid, oid: objectIdOf(user), preferred_username: `${user}@example.com`, name: user })
      .setProtectedHeader({ alg: 'RS256', kid: keyId, typ: 'JWT' })
      .setIssuer(`${tenant.authority}/${tid}/v2.0`)
      .setAudience(query.get('aud') ?? tenant.applicationId)
      .setSubject(`pairwise-${user}`)
      .setIssuedAt(issued)
      .setNotBefore(issued)
      .setExpirationTime(issued) // issued as expired, so that it is good as a hint alone
      .sign(privateKey);
  };

  const begin = async (response: ServerResponse, query: URLSearchParams) => {
    const [state, nonce] = [randomUUID(), randomUUID()];
    nonces.set(state, nonce);
    const fields = {
      scope: 'openid',
      response_type: 'id_token',
      response_mode: 'form_post',
      client_id: tenant.clientId,
      redirect_uri: tenant.redirectUri,
      nonce,
      state,
      id_token_hint: await hintFor(query),
      claims: JSON.stringify({ id_token: asked }),
      'client-request-id': randomUUID(),
    };
    const inputs = Object.entries(fields).map(
      ([name, value]) => `<input type="hidden" name="${name}" value="${escaped(value)}">`,
    );
    const form = `<form method="post" action="${origin}/oidc/authorize">${inputs.join('')}<button>On to the second factor</button></form>`;
    sendPage(response, 200, 'Entra ID, played', form, "document.querySelector('form').submit();");
  };

  const finish = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await readBody(request, 65_536);
    const form = new URLSearchParams(body === 'too-large' ? '' : body.toString('utf8'));
    const again = '<p><a href="/local/entra?user=alice">Again</a></p>';
    const state = form.get('state') ?? '';
    const nonce = nonces.get(state);
    nonces.delete(state);
    if (nonce === undefined) return sendPage(response, 400, 'No request is under way', again);
    const error = form.get('error');
    if (error !== null) return sendPage(response, 403, 'Refused', `<p>${escaped(error)}</p>${again}`);
    try {
      const { payload } = await jwtVerify(form.get('id_token') ?? '', keys, {
        issuer: origin,
        audience: tenant.clientId,
        algorithms: ['RS256'],
        currentDate: new Date(clock.now()),
      });
      const { acr, amr } = payload as { readonly acr?: string; readonly amr?: readonly string[] };
      const isAnswer =
        payload['nonce'] === nonce &&
        asked.acr.values.includes(acr ?? '') &&
        amr?.length === 1 &&
        asked.amr.values.includes(amr[0] as string);
      const shown = `<pre>${escaped(JSON.stringify(payload, undefined, 2))}</pre>${again}`;
      return sendPage(response, isAnswer ? 200 : 403, isAnswer ? 'Signed in' : 'Not what was asked', shown);
    } catch {
      return sendPage(response, 403, 'The token could not be checked', again);
    }
  };

  return {
    keysPath: `/local/entra/${tenant.tenantId}/discovery/v2.0/keys`,
    keys: async () => ({
      keys: [{ ...(await exportJWK((await own()).publicKey)), kid: keyId, alg: 'RS256', use: 'sig' }],
    }),
    begin,
    finish,
  };
}
