/** A user's record as an item of the table: which attributes it has, and how it is read back. */
import { proofLifetimeMilliseconds } from '../domain/help-desk/proof.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { blankRecord, type Enrolment, type UserRecord } from '../domain/user-record/user-record.ts';
import { paddingBytes } from './padding.ts';

/** Ninety days after its last write, the record of a name that nobody is enrolled under is removed. */
export const decoyLifetimeSeconds = 90 * 86_400;

/** The index that the list of users is read from. */
export const listIndex = 'users';

/** The partition of that index which has the enrolled users and nobody else, sorted by name. */
export const enrolledKey = 'users';

/**
 * The attributes that the index reads. Unknown names also get an index entry, under a key nobody queries. Otherwise
 * only writes of enrolled users would update the index, and would be measurably slower.
 */
export const listed = ({ locator, enrolment }: UserRecord) =>
  enrolment ? { ...enrolment, listKey: enrolledKey } : { userId: locator, listKey: `nobody#${locator}` };

export type Codes = Pick<UserRecord, 'codeBatches' | 'generations' | 'uses' | 'unlocks' | 'helpDesk'>;

/**
 * Packs the fields that only enrolled users have into one attribute, so that padding of the same size takes equally
 * long to read.
 */
export function packed({ codeBatches, generations, uses, unlocks, helpDesk }: Codes): Buffer {
  return Buffer.from(JSON.stringify({ codeBatches, generations, uses, unlocks, helpDesk }));
}

function unpacked(codes: Uint8Array): Codes {
  return JSON.parse(Buffer.from(codes).toString());
}

/** The attributes of a record that is written for the first time, without its key. `ttl` in epoch seconds. */
export function firstAttributes(record: UserRecord, ttl: number | undefined, policy: Policy) {
  const {
    locator: _,
    revision,
    enrolment,
    codeBatches,
    generations,
    uses,
    unlocks,
    helpDesk,
    ...attributes
  } = record;
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

/**
 * The record that an item stands for. Fields that the item lacks are those of a blank record.
 *
 * @param isValid whether what began at a time is still good; everything is, unless the table was restored
 */
export function recordOf(
  locator: string,
  attributes: Record<string, unknown>,
  isValid: (began: number) => boolean = () => true,
): UserRecord {
  const { userId, contact, enabled, codes, padding: _, ...rest } = attributes;
  const enrolment = contact === undefined ? {} : { enrolment: { userId, contact, enabled } as Enrolment };
  const generated = codes === undefined ? {} : unpacked(codes as Uint8Array);
  const record = { ...blankRecord(locator), ...rest, ...enrolment, ...generated, locator };
  const { proofs } = record.helpDesk;
  return {
    ...record,
    challenges: begunSince(record.challenges, isValid),
    kbaChallenges: begunSince(record.kbaChallenges, isValid),
    helpDesk: {
      ...record.helpDesk,
      proofs: proofs.filter(({ expiresAt }) => isValid(expiresAt - proofLifetimeMilliseconds)),
    },
  };
}

function begunSince<C extends { readonly startedAt: number }>(
  challenges: Readonly<Record<string, C>>,
  isValid: (began: number) => boolean,
): Readonly<Record<string, C>> {
  return Object.fromEntries(Object.entries(challenges).filter(([, { startedAt }]) => isValid(startedAt)));
}
