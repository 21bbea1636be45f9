/** Finds the session of a request by the handle in its path and by the cookie of the browser that opened it. */

import type { SignInSession } from '../../shared/domain/sign-in-session/session.ts';
import { isItsBrowser, sessionIdOf } from '../../shared/domain/sign-in-session/session-secrets.ts';
import type { WebEvent } from '../../shared/http/web-request.ts';
import { cookieValueOf } from './cookies.ts';
import type { Ports } from './ports.ts';

export interface FoundSession {
  readonly handle: string;
  readonly session: SignInSession;
}

/** `undefined` for one that is over, unknown, or another browser's: nothing tells which. */
export async function findSession(
  event: WebEvent,
  { sessions, clock }: Ports,
): Promise<FoundSession | undefined> {
  const handle = event.pathParameters?.['handle'] ?? '';
  const id = sessionIdOf(handle);
  const value = id && cookieValueOf(event, id);
  if (id === undefined || value === undefined) return undefined;
  const session = await sessions.read(id);
  if (session === undefined || !isItsBrowser(session, value)) return undefined;
  return session.expiresAt > clock.now() ? { handle, session } : undefined;
}
