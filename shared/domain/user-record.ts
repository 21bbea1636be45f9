/** A user's one record: contact, open challenges, attempts and remembered replies, and what can be read off it. */
import { createHash } from 'node:crypto';
import type { Purpose } from './challenge-id.ts';
import { codeOf, guessDigest, sameDigest } from './code.ts';
import type { Keyring } from './keyring.ts';
import type { AttemptBudget } from './lockout.ts';
import type { Method } from './policy.ts';
import { type AddressKind, addressKindOf } from './sends.ts';

/** Everything that can be guessed at; each has its own row of failures. */
export type Authenticator = Method | 'kba' | 'backup-code';

export type Delivery = 'queued' | 'sending' | 'sent' | 'failed';

/** One message with one code. A resend replaces it, and the code before it is dead. */
export interface Send {
  readonly sequence: number;
  readonly method: Method;
  readonly nonce: string;
  readonly key: number;
  readonly at: number;
  /** Guesses before this place were made at an earlier send's code. */
  readonly firstGuess: number;
  /** False for a decoy: nothing is sent and no code is right. */
  readonly genuine: boolean;
  readonly delivery: Delivery;
  /** While `sending`: when another worker may take over. */
  readonly leaseUntil?: number;
  /** Names the claim that took it, so that its repetition after a lost reply is no other claim. */
  readonly claimant?: string;
  /** Tries that a carrier's passing fault ended. The worker's own repetition is on its way then. */
  readonly tries?: number;
  /** Methods that refused this code for good before `method` was turned to. */
  readonly refused?: readonly Method[];
}

export interface Guess {
  readonly digest: string;
  readonly key: number;
  readonly at: number;
}

/** What was spent on something, in the order in which it was spent. */
export interface Attempts {
  /** The request behind each guess, same order as `guesses`. */
  readonly requests: readonly string[];
  readonly guesses: readonly Guess[];
  /** How many guesses have been attributed to a method's row of failures. */
  readonly settled: number;
}

/** All times are epoch milliseconds. */
interface Challenge extends Attempts {
  readonly id: string;
  readonly client: string;
  readonly purpose: Purpose;
  /** The recovery that it is a step of. */
  readonly recovery?: string | undefined;
  readonly expiresAt: number;
  /** How many guesses the challenge bears. */
  readonly attempts: number;
}

export interface OtpChallenge extends Challenge {
  readonly digits: number;
  readonly locale: string;
  readonly methods: readonly Method[];
  /** The display name of the device that asked, sealed; see `seal`. */
  readonly device?: Uint8Array | undefined;
  /** Where codes go, as the person may see it. */
  readonly masked: { readonly phone: string; readonly email: string };
  readonly send: Send;
  /** The send, by its sequence, whose request ended in a fault of the queue and may be repeated within the gap.
   * Beside the send, which the worker writes meanwhile. */
  readonly unanswered?: number;
  /** Sends since the last success or expiry; decides the gap. */
  readonly sendsInRow: number;
  readonly resendAt: number;
}

/** Security questions put to a person, all at once. */
export interface KbaChallenge extends Challenge {
  readonly asked: readonly string[];
  /** The request whose answers were all right. */
  readonly verified?: string;
}

export type NoticeKind =
  | 'address-changed'
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
  /** Addresses that have been told. */
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

export interface KbaView {
  readonly challengeId: string;
  readonly asked: readonly string[];
  readonly expiresAt: number;
}

export interface ChallengeView {
  readonly challengeId: string;
  readonly method: Method;
  readonly methods: readonly Method[];
  readonly destination: string;
  readonly locale: string;
  readonly codeLength: number;
  readonly expiresAt: number;
  readonly resendAvailableAt: number;
  readonly attemptsRemaining: number;
}

/** Whether the send's message may have been lost before any worker had it. */
export function isUntouched({ delivery, tries }: Send): boolean {
  return delivery === 'queued' && tries === undefined;
}

export function viewOf(challenge: OtpChallenge): ChallengeView {
  const { id, send, masked, methods, locale, digits, expiresAt, resendAt, attempts, guesses } = challenge;
  return {
    challengeId: id,
    method: send.method,
    methods,
    destination: masked[addressKindOf(send.method)],
    locale,
    codeLength: digits,
    expiresAt,
    resendAvailableAt: resendAt,
    attemptsRemaining: attempts - guesses.length,
  };
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
  /** Superseded challenges whose requests may still be replayed. */
  readonly past: readonly OtpChallenge[];
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
    past: [],
    replies: {},
    notices: {},
    sent: [],
  };
}

/** A challenge has its place by client and purpose, so that no client's start closes another's challenge. */
export function slotOf(client: string, purpose: Purpose): string {
  return createHash('sha256').update(`${purpose}\0${client}`).digest('base64url').slice(0, 16);
}

/** The challenge under this id, if the client that asks started it. */
export function findChallenge(
  record: UserRecord | undefined,
  slot: string,
  id: string,
): OtpChallenge | undefined {
  const open = record?.challenges[slot];
  if (open?.id === id) return open;
  return record?.past.find(
    (challenge) => challenge.id === id && slotOf(challenge.client, challenge.purpose) === slot,
  );
}

/**
 * The place of the guess that won: the first right one at the code of the current send. A decoy's guesses are
 * compared like any others, so that time does not tell it, and none of them wins.
 */
export function winningGuess(challenge: OtpChallenge, keyring: Keyring): number | undefined {
  const { id, send, guesses } = challenge;
  const code = rightCode(challenge, keyring);
  const right = guesses.findIndex(
    ({ digest, key }, place) =>
      place >= send.firstGuess && sameDigest(digest, guessDigest(code, id, key, keyring)),
  );
  return send.genuine && right >= 0 ? right : undefined;
}

export function rightCode(challenge: OtpChallenge, keyring: Keyring): string {
  const { id, client, purpose, digits, send } = challenge;
  const { sequence, nonce, key } = send;
  return codeOf({ challengeId: id, client, purpose, digits, sequence, nonce, key }, keyring);
}
