/** A session of the sign-in page: who asked, for whom, where it stands, and until when. */

import type { AuthenticatorOrPath } from '../assertion.ts';
import { clientOfDoor } from '../identifiers/client.ts';
import type { RecoveryPath } from '../policy/recovery-paths.ts';
import type { Language } from '../text/language.ts';

/** How long a session lives, and all that begins in it. */
export const sessionLifetimeMilliseconds = 900_000;

/** The request of a registered client, which pushed it and gets the person back by a redirect. */
export interface RedirectReturn {
  readonly kind: 'redirect';
  readonly clientId: string;
  readonly redirectUri: string;
  readonly state?: string | undefined;
  readonly nonce?: string | undefined;
  readonly codeChallenge: string;
  /** Where there are any, only proofs of one of these `acr` are offered and taken. */
  readonly acrValues?: readonly string[] | undefined;
}

/** The request of a tenant of Entra ID, which gets a signed answer by a form. */
export interface EntraReturn {
  readonly kind: 'entra';
  readonly tenant: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly state?: string | undefined;
  readonly nonce: string;
  /** Of the hint; the answer repeats it. */
  readonly sub: string;
  /** What Entra takes, one of each to be answered with. */
  readonly acrValues: readonly string[];
  readonly amrValues: readonly string[];
  /** Whether the tenant's entry allows codes by email. */
  readonly email: boolean;
}

export type Return = RedirectReturn | EntraReturn;

/** What went wrong with the last form. `until` where it helps to wait. */
export interface SessionProblem {
  readonly kind:
    | 'rejected'
    | 'malformed'
    | 'missing'
    | 'not-chosen'
    | 'too-early'
    | 'too-many'
    | 'unavailable';
  readonly until?: number | undefined;
  /** Of `missing` answers: their places on the page. */
  readonly places?: readonly number[] | undefined;
  readonly attemptsRemaining?: number | undefined;
}

/** Why a sign-in ended without a proof. */
export type SessionEnd = 'gave-up' | 'unavailable' | 'nothing-to-offer' | 'unknown-person';

/** What was proven, by whom. */
export interface SessionProof {
  readonly proof: AuthenticatorOrPath;
  /** The person's key. */
  readonly sub: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

export type SessionState =
  | { readonly at: 'choosing' }
  | { readonly at: 'code'; readonly challengeId: string; readonly resent: boolean }
  | { readonly at: 'backup-code' }
  | {
      readonly at: 'recovery';
      readonly recoveryId: string;
      readonly path: RecoveryPath;
      /** The challenge that was answered last: while the workflow has not moved on, its page is not shown again. */
      readonly answered?: string | undefined;
    }
  | { readonly at: 'spent'; readonly what: 'code' | 'questions' | 'backup-code' | 'recovery' }
  | { readonly at: 'locked'; readonly until?: number | undefined }
  | {
      readonly at: 'verified';
      readonly proven: SessionProof;
      /** Made when the way back was first shown; the same until it expires. */
      readonly answer?: { readonly code: string; readonly until: number } | undefined;
    }
  | { readonly at: 'ended'; readonly end: SessionEnd };

/** All times are epoch milliseconds. */
export interface SignInSession {
  /** The digest of its handle: nobody can go back from the table to the path. */
  readonly id: string;
  /** The digest of its cookie's value. */
  readonly browser: string;
  readonly return: Return;
  /** The name that the sign-in is for. */
  readonly person: string;
  /** Of the record that the name meant when the session was opened: a person's, or nobody's. */
  readonly key: string;
  /** The name that the page shows, where it is another. */
  readonly shown?: string | undefined;
  readonly language: Language;
  readonly expiresAt: number;
  readonly state: SessionState;
  readonly problem?: SessionProblem | undefined;
  readonly revision: number;
}

export interface SignInSessions {
  /** Strongly consistent. */
  read(id: string): Promise<SignInSession | undefined>;
  /** One wins of several that create the same. */
  create(session: SignInSession): Promise<boolean>;
  /** Writes when nothing was written since `before` was read. */
  write(before: SignInSession, after: SignInSession): Promise<boolean>;
}

/** Who the challenges of a session belong to. */
export function clientOf(origin: Return): string {
  return origin.kind === 'redirect'
    ? clientOfDoor('page', origin.clientId)
    : clientOfDoor('entra', origin.tenant);
}
