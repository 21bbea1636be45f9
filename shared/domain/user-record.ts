/** A user's one record: contact, open challenges, attempts and remembered replies, and what can be read off it. */
import { createHash } from 'node:crypto';
import type { Purpose } from './challenge-id.ts';
import { codeOf, guessDigest, sameDigest } from './code.ts';
import type { Keyring } from './keyring.ts';
import { type AttemptBudget, trimSpent } from './lockout.ts';
import type { Method, Policy } from './policy.ts';
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
  /** The queue did not take it: the request that asked for it may be repeated within the gap. */
  readonly unqueued?: boolean;
  /** While `sending`: when another worker may take over. */
  readonly leaseUntil?: number;
  /** Methods that refused this code for good before `method` was turned to. */
  readonly refused?: readonly Method[];
}

export interface Guess {
  readonly digest: string;
  readonly key: number;
  readonly at: number;
}

/** All times are epoch milliseconds. */
export interface OtpChallenge {
  readonly id: string;
  readonly client: string;
  readonly purpose: Purpose;
  readonly expiresAt: number;
  readonly digits: number;
  /** How many guesses the challenge bears. */
  readonly attempts: number;
  readonly locale: string;
  readonly methods: readonly Method[];
  /** Where codes go, as the person may see it. */
  readonly masked: { readonly phone: string; readonly email: string };
  readonly send: Send;
  /** Sends since the last success or expiry; decides the gap. */
  readonly sendsInRow: number;
  readonly resendAt: number;
  /** The request behind each guess, same order as `guesses`. */
  readonly requests: readonly string[];
  readonly guesses: readonly Guess[];
  /** How many guesses have been attributed to a method's row of failures. */
  readonly settled: number;
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
  readonly body: string;
  readonly at: number;
  readonly view: ChallengeView;
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

export interface UserRecord extends AttemptBudget {
  readonly locator: string;
  /** Counts the writes that decided on the whole record; 0 when there is none yet. */
  readonly revision: number;
  /** Names the last such write, so that a writer whose reply was lost knows its own. */
  readonly writer?: string;
  readonly enrolment?: Enrolment;
  /** Failures in a row by method, as far as attributed. */
  readonly rows: Readonly<Partial<Record<Authenticator, number>>>;
  readonly challenges: Readonly<Record<string, OtpChallenge>>;
  /** Superseded challenges whose requests may still be replayed. */
  readonly past: readonly OtpChallenge[];
  readonly replies: Readonly<Record<string, Reply>>;
  /** Notices on their way, by id. */
  readonly notices: Readonly<Record<string, Notice>>;
}

export function blankRecord(locator: string): UserRecord {
  return {
    locator,
    revision: 0,
    spent: [],
    row: 0,
    rows: {},
    challenges: {},
    past: [],
    replies: {},
    notices: {},
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

/**
 * Attributes guesses that were spent before anyone knew whether they were right. A spend counts as wrong at
 * once; here a winner ends its method's row and takes itself, and what came after it, out of the count.
 */
export function settle(
  record: UserRecord,
  keyring: Keyring,
  now: number,
  rules: Policy['lockout'],
): UserRecord {
  const spent = [...record.spent];
  const rows = { ...record.rows };
  const challenges = { ...record.challenges };
  for (const [slot, challenge] of Object.entries(record.challenges)) {
    if (challenge.settled === challenge.guesses.length) continue;
    const { method } = challenge.send;
    const winner = winningGuess(challenge, keyring) ?? Number.POSITIVE_INFINITY;
    challenge.guesses.slice(challenge.settled).forEach((guess, offset) => {
      if (challenge.settled + offset < winner) rows[method] = (rows[method] ?? 0) + 1;
      else if (spent.includes(guess.at)) spent.splice(spent.indexOf(guess.at), 1);
    });
    if (winner >= challenge.settled && winner !== Number.POSITIVE_INFINITY) rows[method] = 0;
    challenges[slot] = { ...challenge, settled: challenge.guesses.length };
  }
  const row = Object.values(rows).reduce((sum, failures) => sum + failures, 0);
  return { ...record, spent: trimSpent(spent, now, rules), row, rows, challenges };
}
