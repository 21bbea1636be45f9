/** The way back to the client, once the person has proven something, given up, or cannot go on. */
import { randomBytes } from 'node:crypto';
import { contextOf, methodsOf } from '../../shared/domain/assertion.ts';
import { codeIdOf, codeLifetimeMilliseconds } from '../../shared/domain/sign-in-session/authorization.ts';
import { changeSession } from '../../shared/domain/sign-in-session/change-session.ts';
import type {
  RedirectReturn,
  SessionEnd,
  SessionProof,
} from '../../shared/domain/sign-in-session/session.ts';
import type { SignInPage } from '../../shared/pages/sign-in-page.ts';
import { entraAnswer } from './entra-answer.ts';
import type { PageContext } from './page-context.ts';
import type { Ports } from './ports.ts';

/** OAuth's word for each end (RFC 6749 §4.1.2.1, OpenID Connect Unmet Authentication Requirements 1.0). */
export const errorOf = {
  'gave-up': 'access_denied',
  'unknown-person': 'access_denied',
  unavailable: 'temporarily_unavailable',
  'nothing-to-offer': 'unmet_authentication_requirements',
} as const satisfies Record<SessionEnd, string>;

export async function wayBack(context: PageContext, ports: Ports): Promise<SignInPage> {
  const { state, return: origin } = context.session;
  if (origin.kind === 'entra') return entraAnswer(context.session, origin, ports);
  if (state.at === 'ended') return redirect(origin, state.end, { error: errorOf[state.end] }, ports);
  if (state.at !== 'verified') throw new Error('the session has no end yet');
  const code = await codeFor(context, origin, state.proven, ports);
  return code === undefined ? { page: 'session-over' } : redirect(origin, 'verified', { code }, ports);
}

/**
 * The same code while it can be used, so that a lost answer is shown again by a reload. Whoever comes back later finds
 * the session over: one proof has one code.
 */
async function codeFor(
  { session }: PageContext,
  { clientId, redirectUri, codeChallenge, nonce }: RedirectReturn,
  proven: SessionProof,
  { sessions, authorizations, clock }: Ports,
): Promise<string | undefined> {
  const { state, person } = session;
  const given = state.at === 'verified' ? state.answer : undefined;
  if (given !== undefined) return given.until > clock.now() ? given.code : undefined;
  const code = randomBytes(32).toString('base64url');
  const until = clock.now() + codeLifetimeMilliseconds;
  // Kept before anybody is shown it; a code that no page ever showed opens nothing.
  await authorizations.keepCode({
    id: codeIdOf(code),
    clientId,
    redirectUri,
    codeChallenge,
    nonce,
    sub: proven.sub,
    preferredUsername: person,
    acr: contextOf(proven.proof),
    amr: methodsOf(proven.proof),
    authenticatedAt: proven.at,
    expiresAt: until,
  });
  const changed = await changeSession(
    session,
    { state: { at: 'verified', proven, answer: { code, until } } },
    sessions,
  );
  const kept = changed.state.at === 'verified' ? changed.state.answer : undefined;
  return kept?.code; // where another tab was first, its code is the one
}

/** To the registered URI that the client pushed, and nowhere else. `iss` keeps issuers apart (RFC 9207). */
function redirect(
  { clientId, redirectUri, state }: RedirectReturn,
  outcome: SessionEnd | 'verified',
  answer: Readonly<Record<string, string>>,
  { clientNames, issuer }: Ports,
): SignInPage {
  const url = new URL(redirectUri);
  const all = { ...answer, ...(state === undefined ? {} : { state }), iss: issuer };
  for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value);
  const clientName = clientNames.get(clientId);
  return { page: 'way-back', outcome, url: url.href, clientName };
}
