/** Which of a record's counts an attempt adds to: doors without a password have their own, so they cannot lock the others. */
import { isAnonymous } from '../identifiers/client.ts';
import type { Authenticator } from '../user-record/user-record.ts';

/** The lists by their names in the record: of wrong attempts, and of wrong answers. */
export const listsOf = (client: string) =>
  isAnonymous(client)
    ? ({ failed: 'anonymousFailedAttempts', tries: 'anonymousKbaTries' } as const)
    : ({ failed: 'failedAttempts', tries: 'kbaTries' } as const);

/** The row of consecutive failures that a success ends: of this authenticator at this client. */
export const rowOf = (authenticator: Authenticator, client: string): string => `${authenticator} ${client}`;

export const isAnonymousRow = (row: string): boolean => isAnonymous(row.slice(row.indexOf(' ') + 1));
