/** Attempts as a record keeps them. */

/** A user's attempts over all clients, methods and challenges. */
export interface AttemptBudget {
  /** When each attempt that counts as wrong was made; epoch milliseconds, newest first. */
  readonly spent: readonly number[];
  /** Wrong attempts in a row, summed over methods. */
  readonly row: number;
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
