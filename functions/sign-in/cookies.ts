/** The cookies of the sign-in page: one for each session, a random value and nothing else, five at most in a browser. */
import { cookiesOf, type WebEvent } from '../../shared/http/web-request.ts';
import { issuer } from './ports.ts';

/** Browsers take the prefix and `Secure` over https alone, and the local stack has none. */
const isSecure = issuer.startsWith('https:');
const prefix = isSecure ? '__Host-sign-in-' : 'sign-in-';
const attributes = `; Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;

const mostSessions = 5;
/** Sixteen characters of the session's id, a digest: enough to tell the sessions of a browser apart. */
const nameOf = (sessionId: string): string => `${prefix}${sessionId.slice(0, 16)}`;

export function cookieValueOf(event: WebEvent, sessionId: string): string | undefined {
  return cookiesOf(event).find(([name]) => name === nameOf(sessionId))?.[1];
}

/** Sets the cookie of a new session, and ends those that are too many, the oldest first. */
export function cookiesFor(event: WebEvent, sessionId: string, value: string, seconds: number): string[] {
  const held = cookiesOf(event).filter(([name]) => name.startsWith(prefix) && name !== nameOf(sessionId));
  const surplus = held.slice(0, Math.max(0, held.length - (mostSessions - 1)));
  return [
    `${nameOf(sessionId)}=${value}${attributes}; Max-Age=${seconds}`,
    ...surplus.map(([name]) => `${name}=${attributes}; Max-Age=0`),
  ];
}
