/** What the domain needs from outside: the table, the send counters, the queues, the signing key. */
import type { Guess } from './challenge.ts';
import type { AddressKind } from './methods.ts';
import type { Method } from './policy.ts';
import type { SendWindow } from './sends.ts';
import type { Enrolment, UserRecord } from './user-record.ts';

/** One guess, spent by the write that records it. */
export interface Spend {
  /** What is guessed at: a challenge, by its place and id, or backup codes, which have none. */
  readonly on:
    | { readonly kind: 'challenges'; readonly slot: string; readonly challengeId: string }
    | { readonly kind: 'kbaChallenges'; readonly slot: string; readonly challengeId: string }
    | { readonly kind: 'codeAttempts' };
  /** Names the request that guesses, so that writing its guess a second time spends no second attempt. */
  readonly request: string;
  readonly guess: Guess;
  /** The highest version of a key that the spender knows. What needs a newer one is not its to judge. */
  readonly newestKey: number;
}

export interface UserStore {
  /** Strongly consistent. */
  read(locator: string): Promise<UserRecord | undefined>;
  /**
   * One conditional write: spends an attempt of the challenge and of the user and records the guess, when the
   * challenge is open, has attempts left, the request is new, the user is not locked and the record can be read. The record as it was
   * right after this write, or `undefined` when the condition refused.
   */
  spend(locator: string, spend: Spend): Promise<UserRecord | undefined>;
  /**
   * The same for a name without a record: `first` has the attempt in it and is written when there still is none.
   * It asks of the table what a spend asks, and takes as long.
   */
  spendFirst(first: UserRecord, spend: Spend): Promise<UserRecord | undefined>;
  /**
   * Writes what differs, when no other decision and no spend came between; `false` when one did. Of several
   * writers that read the same record, one wins.
   */
  write(before: UserRecord, after: UserRecord): Promise<boolean>;
  /** A page of the enrolled, by name; `undefined` for a cursor that no page gave. Eventually consistent. */
  list(limit: number, cursor: string | undefined): Promise<UserPage | undefined>;
}

export interface UserPage {
  readonly users: readonly { readonly locator: string; readonly enrolment: Enrolment }[];
  /** Absent on the last page. */
  readonly cursor?: string;
}

export interface SendCounters {
  /**
   * Counts one send to a destination unless a window is full. The same `reservation` counts once within
   * `reservedMilliseconds`, so that racing or repeated starts of one challenge pay for one message.
   * Resolves to when the next send is allowed if this one is not.
   */
  reserve(
    destination: string,
    reservation: string,
    now: number,
    windows: readonly SendWindow[],
  ): Promise<'reserved' | { readonly retryAt: number }>;
}

/** Ids only: no code, number or address is ever in a message. */
export interface OtpMessage {
  readonly kind: 'otp';
  readonly challengeId: string;
  readonly slot: string;
  readonly sequence: number;
}

/** Asks, a while after a code left for a number, whether it was used. */
export interface OutcomeMessage {
  readonly kind: 'outcome';
  readonly challengeId: string;
  readonly slot: string;
}

/** One address of one notice. */
export interface NoticeMessage {
  readonly kind: 'notice';
  readonly locator: string;
  readonly notice: string;
  readonly address: AddressKind;
  readonly tries?: number;
}

export interface DeliveryQueues {
  /** Whether calls can be placed. */
  readonly voice: boolean;
  send(method: Method, message: OtpMessage | OutcomeMessage, delaySeconds?: number): Promise<void>;
}

export interface NoticeQueue {
  send(messages: readonly NoticeMessage[], delaySeconds?: number): Promise<void>;
}

/** The delivery worker's writes; each is conditional on the send being the challenge's last and, once taken, its own. */
export interface DeliveryStore {
  /** Takes a send that is queued, or whose worker's lease ran out. `undefined` when there is nothing to send. */
  claim(
    message: OtpMessage,
    now: number,
    leaseUntil: number,
    claimant: string,
  ): Promise<UserRecord | undefined>;
  finish(message: OtpMessage, claimant: string, delivery: 'sent' | 'failed'): Promise<void>;
  /** Gives it back after a carrier's passing fault, the `tries`-th; `false` when it is another worker's by now. */
  release(message: OtpMessage, claimant: string, tries: number): Promise<boolean>;
  /** Turns to another method with the same code; `false` when the send is no longer the challenge's last. */
  turnTo(message: OtpMessage, claimant: string, method: Method, refused: readonly Method[]): Promise<boolean>;
  /** Takes one address of a notice that was not told yet, as `claim` takes a send. */
  claimNotice(
    message: NoticeMessage,
    now: number,
    leaseUntil: number,
    claimant: string,
  ): Promise<UserRecord | undefined>;
  /** Gives it back, to be tried again; nothing where another claim has it. */
  releaseNotice(message: NoticeMessage, claimant: string): Promise<void>;
  /** Notes that an address of a notice needs no other message. The record as it is then, while it has the notice. */
  told(message: NoticeMessage): Promise<UserRecord | undefined>;
  /** Takes notices off the record. */
  forgetNotices(locator: string, notices: readonly string[]): Promise<void>;
}
