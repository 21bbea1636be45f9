/** What the provider keeps between its endpoints: pushed requests, authorization codes, assertions that were used. */
import { createHash } from 'node:crypto';

/** A request that a client pushed (RFC 9126), for a minute. */
export interface PushedRequest {
  readonly id: string;
  readonly clientId: string;
  readonly redirectUri: string;
  /** `login_hint`. */
  readonly person: string;
  readonly state?: string | undefined;
  readonly nonce?: string | undefined;
  readonly codeChallenge: string;
  readonly acrValues?: readonly string[] | undefined;
  /** `ui_locales`, as the client gave it. */
  readonly languages?: string | undefined;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** Why a browser that brings a request opens no session. `used`: another browser opened it, or this one is through. */
export type PushedRefusal = 'not-pushed' | 'other-client' | 'used' | 'expired';

/** What an authorization code stands for. The code itself is not stored, only its digest. */
export interface AuthorizationCode {
  readonly id: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly codeChallenge: string;
  readonly nonce?: string | undefined;
  readonly sub: string;
  readonly preferredUsername: string;
  readonly acr: string;
  readonly amr: readonly string[];
  /** Epoch milliseconds. */
  readonly authenticatedAt: number;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

export interface AuthorizationStore {
  push(request: PushedRequest): Promise<void>;
  pushed(id: string): Promise<PushedRequest | undefined>;
  keepCode(code: AuthorizationCode): Promise<void>;
  /** With whether it was used. */
  findCode(id: string): Promise<(AuthorizationCode & { readonly used: boolean }) | undefined>;
  /** By one conditional write: of several requests with the same code, one uses it. */
  useCode(id: string): Promise<boolean>;
  /** True for the first that brings it, by one conditional write. @param until epoch milliseconds */
  useOnce(what: string, until: number): Promise<boolean>;
}

/** How long a pushed request, and a code, can be used. */
export const requestLifetimeMilliseconds = 60_000;
export const codeLifetimeMilliseconds = 60_000;

export const codeIdOf = (code: string): string =>
  createHash('sha256').update(`authorization code\0${code}`).digest('base64url');
