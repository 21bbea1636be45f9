/** What the domain needs from outside: the table, the send counters, the queues, the signing key. */
import type { Attempt } from './attempts.ts';
import type { Enrolment, UserRecord } from './user-record.ts';

/** One guess, spent by the write that records it. */
export interface AttemptRequest {
  /** What is guessed at: a challenge, by its place and id, or backup codes, which have none. */
  readonly on:
    | { readonly kind: 'challenges'; readonly challengeKey: string; readonly challengeId: string }
    | { readonly kind: 'kbaChallenges'; readonly challengeKey: string; readonly challengeId: string }
    | { readonly kind: 'codeAttempts' };
  /** Names the request that guesses, so that writing its guess a second time spends no second attempt. */
  readonly request: string;
  readonly attempt: Attempt;
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
  recordAttempt(locator: string, attempted: AttemptRequest): Promise<UserRecord | undefined>;
  /**
   * The same for a name without a record: `first` has the attempt in it and is written when there still is none.
   * It asks of the table what a spend asks, and takes as long.
   */
  recordFirstAttempt(first: UserRecord, attempted: AttemptRequest): Promise<UserRecord | undefined>;
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
