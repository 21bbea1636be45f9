/** Backup codes as a record keeps them: in batches, by selector and hash. */

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

/** A code that was used, as its request was told; kept for ten minutes and until the next use. */
export interface CodeUse {
  /** The request and when. */
  readonly use: string;
  readonly id: string;
  readonly userId: string;
  readonly kind: CodeKind;
  readonly remaining: number;
  readonly at: number;
}
