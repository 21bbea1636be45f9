/** A user's one record: contact, open challenges, attempts and remembered replies. */
import {
  type Attempts,
  type ChallengeView,
  type KbaChallenge,
  type KbaView,
  type OtpChallenge,
  slotOf,
} from './challenge.ts';
import type { AttemptBudget } from './lockout.ts';
import type { AddressKind } from './methods.ts';
import type { Method } from './policy.ts';

/** Everything that can be guessed at; each has its own row of failures. */
export type Authenticator = Method | 'kba' | 'backup-code';

export type NoticeKind =
  | 'address-changed'
  | 'questions-changed'
  | 'codes-generated'
  | 'code-used'
  | 'codes-running-low'
  | 'recovery-succeeded';

/** Tells a person, at every address there was, that something changed. */
export interface Notice {
  readonly kind: NoticeKind;
  readonly at: number;
  /** The contact whose addresses are told, as it was before the change. */
  readonly contact: Uint8Array;
  /** Addresses that have been told, or that a carrier refused for good. */
  readonly told?: readonly AddressKind[];
}

/** What a start or resend answered, kept so that a replay is answered alike. */
export interface Reply {
  /** Stands for the client whose key it was. */
  readonly owner: string;
  readonly body: string;
  readonly at: number;
  readonly view: ChallengeView | KbaView;
}

/** Present for an enrolled name only. `contact` is sealed, see `sealContact`. */
export interface Enrolment {
  readonly userId: string;
  readonly contact: Uint8Array;
  readonly enabled: boolean;
}

export interface SecurityQuestions {
  /** The enrolled questions with the hashes of their answers, sealed; see `sealQuestions`. */
  readonly sealed: Uint8Array;
  /** Those that are asked until they were answered. */
  readonly asked: readonly string[];
}

export type CodeKind = 'one-time' | 'static';

/** Backup codes that were generated together. A new batch of a kind ends the old one. */
export interface CodeBatch {
  readonly id: string;
  readonly expiresAt?: number;
  readonly salt: string;
  readonly key: number;
  /** Hash of each code that is left, by its selector. */
  readonly codes: Readonly<Record<string, string>>;
  /** The request that used a code and when, by its selector. */
  readonly used: Readonly<Record<string, string>>;
  readonly at: number;
}

/** A code that was used, as its request was told; kept for ten minutes and until the next use. */
export interface CodeUse {
  /** The request and when. */
  readonly use: string;
  readonly id: string;
  readonly userId: string;
  readonly kind: CodeKind;
  readonly remaining: number;
  readonly at: number;
}

export interface UserRecord extends AttemptBudget {
  readonly locator: string;
  /** Counts the writes that decided on the whole record; 0 when there is none yet. */
  readonly revision: number;
  /** Names the last such write, so that a writer whose reply was lost knows its own. */
  readonly writer?: string;
  /** The highest version of a key that anything in the record was made with. */
  readonly newestKey: number;
  readonly enrolment?: Enrolment;
  /** Failures in a row by method, as far as attributed. */
  readonly rows: Readonly<Partial<Record<Authenticator, number>>>;
  readonly challenges: Readonly<Record<string, OtpChallenge>>;
  readonly kbaChallenges: Readonly<Record<string, KbaChallenge>>;
  /** Wrong answers to security questions, epoch milliseconds, newest first: their own budget. */
  readonly kbaTries: readonly number[];
  readonly securityQuestions?: SecurityQuestions | undefined;
  /** Attempts at backup codes, which no challenge bounds. */
  readonly codeAttempts: Attempts;
  readonly codeBatches: Readonly<Partial<Record<CodeKind, CodeBatch>>>;
  /** Requests that generated codes in the last ten minutes; they outlive a batch that is replaced or revoked. */
  readonly generations: readonly { readonly request: string; readonly at: number }[];
  readonly uses: readonly CodeUse[];
  /** Requests that unlocked the user in the last ten minutes. */
  readonly unlocks: readonly { readonly request: string; readonly at: number }[];
  /** Superseded challenges whose requests may still be replayed. */
  readonly past: readonly OtpChallenge[];
  readonly pastKba: readonly KbaChallenge[];
  readonly replies: Readonly<Record<string, Reply>>;
  /** Notices on their way, by id. */
  readonly notices: Readonly<Record<string, Notice>>;
  /** When messages with codes were asked for, over all destinations and clients; epoch milliseconds, newest first. */
  readonly sent: readonly number[];
}

export function blankRecord(locator: string): UserRecord {
  return {
    locator,
    revision: 0,
    newestKey: 0,
    spent: [],
    row: 0,
    rows: {},
    challenges: {},
    kbaChallenges: {},
    kbaTries: [],
    codeAttempts: { requests: [], guesses: [], settled: 0 },
    codeBatches: {},
    generations: [],
    uses: [],
    unlocks: [],
    past: [],
    pastKba: [],
    replies: {},
    notices: {},
    sent: [],
  };
}

/** The challenge under this id, if the client that asks started it. */
export function findChallenge(
  record: UserRecord | undefined,
  slot: string,
  id: string,
): OtpChallenge | undefined {
  return record && findIn(record.challenges[slot], record.past, slot, id);
}

/** The same of security questions. */
export function findQuestions(
  record: UserRecord | undefined,
  slot: string,
  id: string,
): KbaChallenge | undefined {
  return record && findIn(record.kbaChallenges[slot], record.pastKba, slot, id);
}

function findIn<C extends OtpChallenge | KbaChallenge>(
  open: C | undefined,
  past: readonly C[],
  slot: string,
  id: string,
): C | undefined {
  if (open?.id === id) return open;
  return past.find(
    (challenge) => challenge.id === id && slotOf(challenge.client, challenge.purpose) === slot,
  );
}
