/** Attempts as a record keeps them. */

/** A user's attempts over all clients, methods and challenges. */
export interface AttemptBudget {
  /** When each attempt that counts as wrong was made; epoch milliseconds, newest first. */
  readonly failedAttempts: readonly number[];
  /** Wrong attempts in a row, summed over methods. */
  readonly consecutiveFailures: number;
}

export interface Attempt {
  readonly digest: string;
  readonly key: number;
  readonly at: number;
}

/** What was spent on something, in the order in which it was spent. */
export interface RecordedAttempts {
  /** The request behind each guess, same order as `attempts`. */
  readonly requests: readonly string[];
  readonly attempts: readonly Attempt[];
  /** How many guesses have been attributed to a method's row of failures. */
  readonly reconciledUpTo: number;
}
