/** Attempts as a record keeps them: each by its digest, and how many of a user count as wrong. */

/** A user's attempts over all clients, authenticators and challenges. */
export interface AttemptBudget {
  /** When each attempt that counts as wrong was made; epoch milliseconds, newest first. */
  readonly failedAttempts: readonly number[];
  /** Wrong attempts in a row, summed over authenticators. */
  readonly consecutiveFailures: number;
}

/** What was tried, by its HMAC: the code or the answers themselves are kept nowhere. */
export interface Attempt {
  readonly digest: string;
  readonly key: number;
  readonly at: number;
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
