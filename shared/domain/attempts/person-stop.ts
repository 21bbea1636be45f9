/** The stop that a person asked for: a row of failures of its own, which no success ends and an unlocking does. */
import { policyBounds } from '../policy/policy.ts';
import type { UserRecord } from '../user-record/user-record.ts';

/** Of no authenticator and no client. */
const row = 'not-me ';

/** As many as stop the fallback under any policy. The condition of every write that records an attempt counts them. */
const [, enough] = policyBounds['lockout.attemptsBeforeStop'];

export function withPersonStop(record: UserRecord): UserRecord {
  if (isStoppedByPerson(record)) return record;
  return {
    ...record,
    failuresByAuthenticator: { ...record.failuresByAuthenticator, [row]: enough },
    consecutiveFailures: record.consecutiveFailures + enough,
  };
}

export function isStoppedByPerson({ failuresByAuthenticator }: UserRecord): boolean {
  return failuresByAuthenticator[row] !== undefined;
}

/** What a start answers then: there is no use in a code that nobody can use. */
export const stoppedByPerson = { kind: 'attempts-exhausted', reason: 'stopped' } as const;
