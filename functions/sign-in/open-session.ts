/** Opens the one session of a request, for one browser: a conditional write decides between two that bring the same. */

import { findPerson, type Person } from '../../shared/domain/names/person.ts';
import { offersFor } from '../../shared/domain/sign-in-session/offers.ts';
import {
  clientOf,
  type Return,
  type SessionState,
  type SignInSession,
  sessionLifetimeMilliseconds,
} from '../../shared/domain/sign-in-session/session.ts';
import {
  browserOf,
  handleFor,
  isItsBrowser,
  newCookieValue,
  sessionIdOf,
} from '../../shared/domain/sign-in-session/session-secrets.ts';
import type { Language } from '../../shared/domain/text/language.ts';
import type { Answer } from '../../shared/http/problem.ts';
import type { WebEvent } from '../../shared/http/web-request.ts';
import { log } from '../../shared/log/log.ts';
import { toSession } from './answer.ts';
import { cookiesFor, cookieValueOf } from './cookies.ts';
import type { Ports } from './ports.ts';

export interface Opening {
  /** What names the request, and is good for one session. */
  readonly request: string;
  readonly return: Return;
  readonly person: string;
  readonly shown?: string | undefined;
  readonly language: Language;
}

/**
 * Where the session of this request stands already: its own browser is led back to it. `used` for any other, and
 * `undefined` where there is none yet.
 */
export async function reopened(
  request: string,
  event: WebEvent,
  { sessions, keyring }: Ports,
): Promise<Answer | 'used' | undefined> {
  const handle = handleFor(request, keyring);
  const id = sessionIdOf(handle) as string;
  const session = await sessions.read(id);
  if (session === undefined) return undefined;
  const value = cookieValueOf(event, id);
  return value !== undefined && isItsBrowser(session, value) ? toSession(handle) : 'used';
}

export async function openSession(opening: Opening, event: WebEvent, ports: Ports): Promise<Answer | 'used'> {
  const { request, return: origin, person: name, shown, language } = opening;
  const { keyring, sessions, clock } = ports;
  const handle = handleFor(request, keyring);
  const id = sessionIdOf(handle) as string;
  const value = newCookieValue();
  const person = await findPerson(name, ports);
  const session: SignInSession = {
    id,
    browser: browserOf(value),
    return: origin,
    person: name,
    key: person.key,
    shown,
    language,
    expiresAt: clock.now() + sessionLifetimeMilliseconds,
    state: firstState(origin, person, ports),
    revision: 1,
  };
  if (!(await sessions.create(session))) return 'used';
  log('sign-in-opened', { user: person.key, client: clientOf(origin), session: id });
  return toSession(handle, cookiesFor(event, id, value, sessionLifetimeMilliseconds / 1000));
}

/** The client asked for a proof that nothing here can give: it hears so, and nobody is shown an empty page. */
function firstState(origin: Return, { name, record }: Person, ports: Ports): SessionState {
  const isBound = origin.kind === 'entra' || origin.acrValues !== undefined;
  if (!isBound) return { at: 'choosing' };
  // Entra has said who it is, so nobody learns anything by hearing that they are not known here.
  if (origin.kind === 'entra' && record.enrolment?.enabled !== true) {
    log('unknown-person-vouched', { client: clientOf(origin) });
    return { at: 'ended', end: 'unknown-person' };
  }
  const { methods, paths } = offersFor(name, record, origin, ports.keyring, ports, ports.clock.now());
  return methods.length + paths.length === 0 ? { at: 'ended', end: 'nothing-to-offer' } : { at: 'choosing' };
}
