/** The secrets of a session: the handle in its path, the value of its cookie, and what its forms carry. */
import { createHash, randomBytes } from 'node:crypto';
import { sameDigest } from '../crypto/digest.ts';
import { hmac, hmac128, type Keyring } from '../crypto/keyring.ts';
import type { SignInSession } from './session.ts';

/**
 * The handle of the one session that a request may open: 192 bits. Derived, so that one conditional write decides which
 * of two browsers opens it, and so that the same request finds its session again.
 */
export function handleFor(request: string, keyring: Keyring): string {
  return hmac(keyring.key('sign-in', keyring.first), 'handle', request).subarray(0, 24).toString('base64url');
}

const handleShape = /^[\w-]{32}$/;

/** The session's id; `undefined` for a text that is no handle. */
export function sessionIdOf(handle: string): string | undefined {
  return handleShape.test(handle) ? digestOf('handle', handle) : undefined;
}

/** 256 random bits for the cookie. */
export const newCookieValue = (): string => randomBytes(32).toString('base64url');

export const browserOf = (cookieValue: string): string => digestOf('cookie', cookieValue);

/** Whether the cookie is the one that the session was opened with. */
export function isItsBrowser({ browser }: SignInSession, cookieValue: string): boolean {
  return sameDigest(browser, browserOf(cookieValue));
}

/**
 * Comes back with every form: it says which state of the session the page showed, and no other site can know it.
 */
export function stepOf({ id, browser, revision }: SignInSession, keyring: Keyring): string {
  return hmac128(keyring.key('sign-in', keyring.first), 'step', id, browser, String(revision));
}

function digestOf(what: string, text: string): string {
  return createHash('sha256').update(`sign-in ${what}\0${text}`).digest('base64url');
}
