/** The store of names as the domain needs it: one item for each name, which points to a person's key. */

/** Whose a name is said to be. It counts only if that person's record lists the name too. */
export interface Claim {
  /** The person's key. */
  readonly person: string;
  /** When it was claimed; epoch milliseconds. */
  readonly at: number;
}

/** Names are given by their digests, see `nameDigest`. */
export interface NameStore {
  /** Strongly consistent. */
  read(name: string): Promise<Claim | undefined>;
  /**
   * One wins of several who claim a name. The person who has it claims it again, which makes its `at` the new one.
   *
   * @param over the claim of another person that this one replaces, if it still stands
   * @returns the other person's claim that stands in the way
   */
  claim(name: string, claim: Claim, over?: Claim): Promise<Claim | 'claimed'>;
  /** Removes this person's claim, unless it was claimed again at `before` or later. */
  release(name: string, person: string, before: number): Promise<void>;
}
