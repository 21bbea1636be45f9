/** The help desk's report: what is counted for whom, and in which week. */
import { expect, test } from 'vitest';
import { weeksOf } from '../../../../infra/cli/help-desk/weeks.ts';
import type { BackupCodeCounts } from '../../../../shared/client/schema.ts';

const none = { total: 0, remaining: 0 };
const made = (generatedAt: string, operator: string, count = 1) =>
  ({
    kind: 'one-time',
    count,
    generatedAt,
    client: 'helpdesk',
    operator,
    operatorReference: `digest of ${operator}`,
    reason: 'phone lost',
  }) as const;
const of = (more: Partial<BackupCodeCounts>): BackupCodeCounts => ({
  static: none,
  'one-time': none,
  generations: [],
  refusals: [],
  ...more,
});

test('counts codes, unused ones, repetitions and refusals of each operator by week, the newest first', () => {
  const monday = '2026-03-02T00:00:00Z';
  const sunday = '2026-03-01T23:59:59Z';
  const erin = of({
    'one-time': {
      total: 1,
      remaining: 1,
      generatedAt: monday,
      operator: 'bob',
      operatorReference: 'digest of bob',
    },
    generations: [made(monday, 'bob'), made(sunday, 'bob', 10), made('2026-02-23T08:00:00Z', 'ada')],
  });
  const carl = of({
    refusals: [{ refusedAt: sunday, client: 'helpdesk', operator: 'bob', reason: 'proof-required' }],
  });
  expect(weeksOf([erin, carl])).toEqual([
    {
      week: '2026-03-02',
      operator: 'bob',
      reference: 'digest of bob',
      codes: 1,
      unused: 1,
      repeated: 0,
      refused: 0,
    },
    {
      week: '2026-02-23',
      operator: 'ada',
      reference: 'digest of ada',
      codes: 1,
      unused: 0,
      repeated: 0,
      refused: 0,
    },
    {
      week: '2026-02-23',
      operator: 'bob',
      reference: 'digest of bob',
      codes: 10,
      unused: 0,
      repeated: 1,
      refused: 1,
    },
  ]);
});

test('an operator whose name is a word of the language is counted like anybody', () => {
  const [row] = weeksOf([of({ generations: [made('2026-03-02T08:00:00Z', '__proto__')] })]);
  expect(row).toMatchObject({ operator: '__proto__', codes: 1 });
});

test('a deployment that does not tell references yet is counted all the same', () => {
  const refusals = [
    { refusedAt: '2026-03-02T08:00:00Z', client: 'helpdesk', operator: 'bob', reason: 'proof-required' },
  ];
  expect(weeksOf([of({ refusals })])).toMatchObject([{ operator: 'bob', reference: undefined, refused: 1 }]);
});
