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
  /** The request that redeemed a code and when, by the code's selector. */
  readonly used: Readonly<Record<string, string>>;
  readonly at: number;
}

/** A redeemed code, as its request was answered; kept for ten minutes and until the next one. */
export interface CodeUse {
  /** The request and when. */
  readonly use: string;
  readonly id: string;
  readonly userId: string;
  readonly kind: CodeKind;
  readonly remaining: number;
  readonly at: number;
  /** The recovery it was for. */
  readonly recovery?: string | undefined;
  /** Over all of it, its person and its client; see `authenticUse`. */
  readonly mac: string;
}
