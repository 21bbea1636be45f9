/** The lists of a record, and how many entries each keeps whatever is done: no record grows as somebody else likes. */
import type { UserRecord } from './user-record.ts';

/** The fields that are lists. One that is added without a bound here does not compile. */
type ListsOf<Of> = {
  [Field in keyof Of]-?: Of[Field] extends readonly unknown[] ? Field : never;
}[keyof Of];

type List = ListsOf<UserRecord>;
type HelpDeskList = ListsOf<UserRecord['helpDesk']>;

/** Which end of a list has its newest entries, and how many of them are kept: more than any policy asks for. */
interface Bound {
  readonly most: number;
  readonly newest: 'first' | 'last';
}

export const bounds: Readonly<Record<List, Bound>> = {
  failedAttempts: { most: 200, newest: 'first' },
  anonymousFailedAttempts: { most: 200, newest: 'first' },
  kbaTries: { most: 40, newest: 'first' },
  anonymousKbaTries: { most: 40, newest: 'first' },
  sent: { most: 200, newest: 'first' },
  past: { most: 20, newest: 'first' },
  pastKba: { most: 20, newest: 'first' },
  generations: { most: 20, newest: 'last' },
  uses: { most: 20, newest: 'last' },
  unlocks: { most: 20, newest: 'last' },
};

export const helpDeskBounds: Readonly<Record<HelpDeskList, Bound>> = {
  proofs: { most: 40, newest: 'first' },
  generated: { most: 100, newest: 'first' },
  callerCodes: { most: 20, newest: 'first' },
};

/**
 * The record with its lists cut to their newest entries. What writes a list cuts it closer; this holds for all of them.
 * Maps are bounded where they are written: four sessions and 24 replies of a client, eight notices of a kind.
 */
export function bounded(record: UserRecord): UserRecord {
  const { helpDesk } = record;
  const cut = cutsOf(record, bounds);
  const cutAtHelpDesk = cutsOf(helpDesk, helpDeskBounds);
  return {
    ...record,
    ...cut,
    ...(Object.keys(cutAtHelpDesk).length > 0 ? { helpDesk: { ...helpDesk, ...cutAtHelpDesk } } : {}),
  };
}

/** Only what is too long: a list that stays the same value is not written again. */
function cutsOf<Of>(lists: Of, of: Readonly<Record<ListsOf<Of>, Bound>>): Partial<Of> {
  const cuts: [string, readonly unknown[]][] = [];
  for (const [field, { most, newest }] of Object.entries<Bound>(of)) {
    const list = lists[field as keyof Of] as readonly unknown[];
    if (list.length > most) cuts.push([field, newest === 'first' ? list.slice(0, most) : list.slice(-most)]);
  }
  return Object.fromEntries(cuts) as Partial<Of>;
}
