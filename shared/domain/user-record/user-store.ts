/** The store of users' records as the domain needs it: reads and writes of one item each, and a list of the enrolled. */
import type { Attempt } from './attempts.ts';
import type { Enrolment, UserRecord } from './user-record.ts';

/** One attempt, and what it is made at. */
export interface AttemptRequest {
  /** A challenge, by its key and id, or the backup codes, which have no challenge. */
  readonly on:
    | { readonly kind: 'challenges'; readonly challengeKey: string; readonly challengeId: string }
    | { readonly kind: 'kbaChallenges'; readonly challengeKey: string; readonly challengeId: string }
    | { readonly kind: 'codeAttempts' };
  /** Whose attempt it is: at an anonymous door others bear it. */
  readonly client: string;
  /** Names the request, so that its repetition records no second attempt. */
  readonly request: string;
  readonly attempt: Attempt;
  /** Of a caller's code: it counts against nobody but its challenge, and a locked person can be asked too. */
  readonly isUncounted?: true;
  /** The highest version of a key that this instance knows. It cannot judge what needs a newer one. */
  readonly newestKey: number;
}

export interface UserStore {
  /** Strongly consistent. */
  read(locator: string): Promise<UserRecord | undefined>;
  /**
   * Records an attempt by one conditional write: at the challenge and in the user's count, together or not at all. The
   * condition: the challenge is open and has attempts left, the request is new, the user is not locked, and this
   * instance can read the record.
   *
   * @returns the record right after this write, or `undefined` when the condition refused
   */
  recordAttempt(locator: string, attempted: AttemptRequest): Promise<UserRecord | undefined>;
  /**
   * The same for a name without a record: writes `first`, which has the attempt in it, when there still is none. Its
   * condition is as long as the other's, so that it takes as long.
   */
  recordFirstAttempt(first: UserRecord, attempted: AttemptRequest): Promise<UserRecord | undefined>;
  /**
   * Writes what differs, unless another decision or an attempt came between; `false` when one did. Of several writers
   * that read the same record, one wins.
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
