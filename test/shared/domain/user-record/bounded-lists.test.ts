/** Every list of a record has a bound, and keeps its newest entries. */
import { expect, test } from 'vitest';
import { policyBounds } from '../../../../shared/domain/policy/policy.ts';
import { bounded, bounds, helpDeskBounds } from '../../../../shared/domain/user-record/bounded-lists.ts';
import { blankRecord, type UserRecord } from '../../../../shared/domain/user-record/user-record.ts';

const blank = blankRecord('somebody');
const listsOf = (of: object) =>
  Object.entries(of)
    .filter(([, value]) => Array.isArray(value))
    .map(([field]) => field);

/** A thousand entries in every list there is; the newest has the highest number. */
function overgrown<Of extends object>(of: Of, newestOf: (field: string) => 'first' | 'last'): Of {
  const numbers = Array.from({ length: 1_000 }, (_, place) => place);
  const long = (field: string) => (newestOf(field) === 'first' ? numbers.toReversed() : numbers);
  return { ...of, ...Object.fromEntries(listsOf(of).map((field) => [field, long(field)])) };
}

const record: UserRecord = {
  ...overgrown(blank, (field) => bounds[field as keyof typeof bounds].newest),
  helpDesk: overgrown(blank.helpDesk, (field) => helpDeskBounds[field as keyof typeof helpDeskBounds].newest),
};

test('list that grows without a bound: there is none in a record', () => {
  expect(listsOf(blank).toSorted()).toEqual(Object.keys(bounds).toSorted());
  expect(listsOf(blank.helpDesk).toSorted()).toEqual(Object.keys(helpDeskBounds).toSorted());
});

test.each([
  ...Object.entries(bounds).map(([field, bound]) => [field, bound, bounded(record)] as const),
  ...Object.entries(helpDeskBounds).map(
    ([field, bound]) => [field, bound, bounded(record).helpDesk] as const,
  ),
])('%s is cut to the newest of its entries', (field, { most }, of) => {
  const list = (of as unknown as Record<string, readonly number[]>)[field];
  expect(list).toHaveLength(most);
  expect(list).toContain(999);
  expect(list).not.toContain(0);
});

test('what is short enough is the same value, so that it is not written again', () => {
  const { helpDesk, sent, past } = bounded(blank);
  expect(
    [helpDesk, sent, past].map((value, place) => value === [blank.helpDesk, blank.sent, blank.past][place]),
  ).toEqual([true, true, true]);
});

test('keeps what the largest policy counts', () => {
  const mostOf = (path: keyof typeof policyBounds) => policyBounds[path][1];
  expect(bounds.sent.most).toBeGreaterThanOrEqual(mostOf('sends.perUserPerDay'));
  expect(bounds.kbaTries.most).toBeGreaterThanOrEqual(mostOf('kba.tries'));
  expect(bounds.failedAttempts.most).toBeGreaterThanOrEqual(mostOf('lockout.attemptsBeforeStop'));
  expect(helpDeskBounds.generated.most).toBeGreaterThanOrEqual(mostOf('helpDesk.codesPerUserPerDay'));
});
