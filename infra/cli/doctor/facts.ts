/** What is asked of the account, and what was answered: read, and never changed. */

/** An answer, or the name of the error in its place. */
export type Known<T> = { readonly value: T } | { readonly error: string };

export interface Facts {
  /** 12 digits. */
  readonly account: Known<string>;
  readonly sms: Known<{
    readonly isInSandbox: boolean;
    /** US dollars. */
    readonly monthlySpendLimit: number | undefined;
    /** ARN of the role that SNS writes its log with. */
    readonly statusRole: string | undefined;
  }>;
  readonly email: Known<{
    readonly perDay: number;
    readonly perSecond: number;
    readonly isSending: boolean;
    /** Of the sender's address, its domain and the domains above it: those that SES has verified. */
    readonly verified: readonly string[];
  }>;
  /** Absent without an issuer of one's own. */
  readonly issuer?: Known<{ readonly issuer: unknown; readonly jwksUri: unknown }> | undefined;
  /** Absent without voice. */
  readonly connect?:
    | Known<{
        readonly status: string;
        readonly callsOut: boolean;
        readonly numbers: readonly string[];
      }>
    | undefined;
  /** *Concurrent active calls per instance*; absent without voice. */
  readonly callsAtOnce?: Known<number | undefined> | undefined;
  /** Functions at a time. */
  readonly lambda: Known<{ readonly concurrency: number; readonly unreserved: number }>;
}
