/** Attempts as a record keeps them: each by its digest, and how many of a user count as wrong. */

/** A user's attempts over authenticators and challenges. Anonymous doors wait apart, and share the stop. */
export interface AttemptBudget {
  /** When each attempt that counts as wrong was made, but for anonymous doors'; epoch milliseconds, newest first. */
  readonly failedAttempts: readonly number[];
  /** The same of anonymous doors; see `isAnonymous`. */
  readonly anonymousFailedAttempts: readonly number[];
  /** Wrong attempts in a row, summed over authenticators and clients, anonymous doors too. */
  readonly consecutiveFailures: number;
  /** How many of these were made at anonymous doors. */
  readonly anonymousConsecutiveFailures: number;
}

/** What was tried, by its HMAC: the code or the answers themselves are kept nowhere. */
export interface Attempt {
  readonly digest: string;
  readonly key: number;
  readonly at: number;
  /** Who made it, where no challenge says so: at a backup code. */
  readonly client?: string;
  /** Over all of it, its request, its person and its challenge; see `authenticAttempt`. */
  readonly mac: string;
}

/** Attempts at one thing, in the order in which they were recorded. */
export interface RecordedAttempts {
  /** The request behind each attempt, in the order of `attempts`. */
  readonly requests: readonly string[];
  readonly attempts: readonly Attempt[];
  /** How many of them have been counted as failures or as a success; see `reconcileAttempts`. */
  readonly reconciledUpTo: number;
}
