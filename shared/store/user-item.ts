/** A user's record as an item of the table. */
import type { Policy } from '../domain/policy/policy.ts';
import { blankRecord, type Enrolment, type UserRecord } from '../domain/user-record/user-record.ts';
import { paddingBytes } from './padding.ts';

/** A name nobody is enrolled under is forgotten after so long without a start. */
export const decoyLifetimeSeconds = 90 * 86_400;

/** The enrolled, and nobody else, are in one partition of the index, by name. */
export const listIndex = 'users';

export const enrolledKey = 'users';

/**
 * Names that nobody is enrolled under are in the index too, each in a partition of its own that nobody asks for: an
 * engine that keeps its indexes up to date at once takes longer to write what is in one.
 */
export const listed = ({ locator, enrolment }: UserRecord) =>
  enrolment ? { ...enrolment, listKey: enrolledKey } : { userId: locator, listKey: `nobody#${locator}` };

export type Codes = Pick<UserRecord, 'codeBatches' | 'generations' | 'uses' | 'unlocks'>;

/** Codes, and what else only the enrolled have, are one attribute, which takes as long to read as a filler in its place. */
export function packed({ codeBatches, generations, uses, unlocks }: Codes): Buffer {
  return Buffer.from(JSON.stringify({ codeBatches, generations, uses, unlocks }));
}

function unpacked(codes: Uint8Array): Codes {
  return JSON.parse(Buffer.from(codes).toString());
}

export function firstAttributes(record: UserRecord, ttl: number | undefined, policy: Policy) {
  const { locator: _, revision, enrolment, codeBatches, generations, uses, unlocks, ...attributes } = record;
  const codes = packed(record);
  return {
    ...attributes,
    ...listed(record),
    codes,
    padding: new Uint8Array(paddingBytes(record, codes.length, policy)),
    revision: revision + 1,
    ttl,
  };
}

export function recordOf(locator: string, attributes: Record<string, unknown>): UserRecord {
  const { userId, contact, enabled, codes, padding: _, ...rest } = attributes;
  const enrolment = contact === undefined ? {} : { enrolment: { userId, contact, enabled } as Enrolment };
  const generated = codes === undefined ? {} : unpacked(codes as Uint8Array);
  return { ...blankRecord(locator), ...rest, ...enrolment, ...generated, locator };
}
