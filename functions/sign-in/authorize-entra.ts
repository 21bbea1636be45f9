/** `POST /oidc/authorize`: a request of Entra ID, which its hint vouches for, opens the session of one person. */
import { createHash } from 'node:crypto';
import {
  entraNameOf,
  type HintRefusal,
  readAskedValues,
  readHint,
} from '../../shared/domain/sign-in-session/entra-hint.ts';
import type { EntraReturn } from '../../shared/domain/sign-in-session/session.ts';
import type { EntraTenant } from '../../shared/environment/sign-in-clients.ts';
import { fieldOf, readWebForm } from '../../shared/http/web-request.ts';
import type { WebRoute } from '../../shared/lambda/web.ts';
import { log } from '../../shared/log/log.ts';
import { languageOf, plainPage } from './answer.ts';
import { authorityOf, signedClaims } from './entra-keys.ts';
import { openSession, reopened } from './open-session.ts';
import type { Ports } from './ports.ts';

export const authorizeEntra: WebRoute<Ports> = async (event, ports) => {
  const now = ports.clock.now();
  const refused = (why: HintRefusal) => {
    log('hint-refused', { reason: why });
    return plainPage({ page: 'error', reason: 'refused-hint' }, event, now);
  };
  const form = readWebForm(event);
  if (form.kind !== 'form') return plainPage({ page: 'error', reason: 'bad-form' }, event, now);
  const { fields } = form;
  const hint = fieldOf(fields, 'id_token_hint') ?? '';
  const tenant = tenantOf(fields, hint, ports.tenants);
  if (tenant === undefined) return refused('unknown-tenant');
  const claims = await signedClaims(hint, tenant);
  if (claims === undefined) return refused('signature');
  const { applicationId, tenantId } = tenant;
  const expected = { issuer: `${authorityOf(tenant)}/v2.0`, applicationId, tenantId };
  const read = readHint(claims, expected, now);
  const origin = read && returnOf(fields, read.sub, tenant);
  if (read === undefined || origin === undefined) return refused('claims');
  const request = `hint ${createHash('sha256').update(signedPart(hint)).digest('base64url')}`;
  const again = await reopened(request, event, ports);
  if (again !== undefined) return again === 'used' ? refused('used') : again;
  const person = entraNameOf(tenantId, read.oid);
  const opening = {
    request,
    return: origin,
    person,
    shown: read.preferredUsername,
    language: languageOf(event),
  };
  const opened = await openSession(opening, event, ports);
  return opened === 'used' ? refused('used') : opened;
};

/** By what the request says of itself; nothing of it is believed before the signature is right. */
function tenantOf(
  fields: URLSearchParams,
  hint: string,
  tenants: readonly EntraTenant[],
): EntraTenant | undefined {
  const { tid } = unverified(hint);
  return tenants.find(
    ({ tenantId, clientId, redirectUri }) =>
      tenantId === tid &&
      clientId === fieldOf(fields, 'client_id') &&
      redirectUri === fieldOf(fields, 'redirect_uri'),
  );
}

function unverified(hint: string): { readonly tid?: unknown } {
  try {
    const claims: unknown = JSON.parse(Buffer.from(hint.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null ? claims : {};
  } catch {
    return {};
  }
}

/** Header and claims: the signature of one text is not always one text. */
const signedPart = (hint: string): string => hint.slice(0, hint.lastIndexOf('.'));

/** `undefined` for a request that is not the one kind that Entra sends. */
function returnOf(
  fields: URLSearchParams,
  sub: string,
  { tenantId: tenant, clientId, redirectUri, email = false }: EntraTenant,
): EntraReturn | undefined {
  const nonce = fieldOf(fields, 'nonce');
  const asked = readAskedValues(fieldOf(fields, 'claims') ?? '');
  const isItsKind =
    fieldOf(fields, 'response_type') === 'id_token' &&
    fieldOf(fields, 'response_mode') === 'form_post' &&
    fieldOf(fields, 'scope')?.split(' ').includes('openid') === true;
  if (!isItsKind || nonce === undefined || nonce === '' || asked === undefined) return undefined;
  const state = fieldOf(fields, 'state');
  return { kind: 'entra', tenant, clientId, redirectUri, state, nonce, sub, email, ...asked };
}
