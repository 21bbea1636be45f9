/** When wrong attempts open a wait, and when they stop the fallback. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  lockAt,
  lockOf,
  trimFailedAttempts,
  waitSeconds,
  waitTable,
} from '../../../../shared/domain/attempts/lockout.ts';
import { defaultPolicy } from '../../../../shared/domain/policy/policy.ts';

const rules = defaultPolicy.lockout;
const now = Date.parse('2026-03-02T09:00:00Z');
const ago = (seconds: number) => now - seconds * 1000;

describe('waits', () => {
  test('start at the tenth wrong attempt with 30 s and double up to an hour', () => {
    expect([9, 10, 11, 12, 13, 14, 15, 16, 17, 40].map((wrong) => waitSeconds(wrong, rules))).toEqual([
      0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600,
    ]);
  });

  test('run from the last attempt', () => {
    const spent = Array.from({ length: 10 }, (_, place) => ago(5 + place));
    expect(lockOf({ failedAttempts: spent, consecutiveFailures: 10 }, now, rules)).toEqual({
      kind: 'throttled',
      until: ago(5) + 30_000,
    });
    expect(lockOf({ failedAttempts: spent, consecutiveFailures: 10 }, now + 25_000, rules)).toEqual({
      kind: 'none',
    });
  });

  test('forget what is older than a day', () => {
    const spent = [ago(1), ...Array.from({ length: 9 }, () => ago(86_400))];
    expect(lockOf({ failedAttempts: spent, consecutiveFailures: 10 }, now, rules)).toEqual({ kind: 'none' });
    const stillThere = [ago(1), ...Array.from({ length: 9 }, () => ago(86_399))];
    expect(lockOf({ failedAttempts: stillThere, consecutiveFailures: 10 }, now, rules).kind).toBe(
      'throttled',
    );
  });

  test('give way to a stop at a hundred in a row', () => {
    expect(lockOf({ failedAttempts: [], consecutiveFailures: 99 }, now, rules)).toEqual({ kind: 'none' });
    expect(lockOf({ failedAttempts: [], consecutiveFailures: 100 }, now, rules)).toEqual({ kind: 'locked' });
  });
});

describe('an anonymous door', () => {
  const none = {
    failedAttempts: [],
    anonymousFailedAttempts: [],
    consecutiveFailures: 0,
    anonymousConsecutiveFailures: 0,
  };
  const ten = Array.from({ length: 10 }, (_, place) => ago(1 + place));

  test('waits for its own wrong attempts and no others, and makes nobody else wait', () => {
    const own = { ...none, anonymousFailedAttempts: ten };
    const others = { ...none, failedAttempts: ten };
    expect(lockAt('windows:office', own, now, rules)).toEqual({ kind: 'throttled', until: ago(1) + 30_000 });
    expect(lockAt('web-login', own, now, rules)).toEqual({ kind: 'none' });
    expect(lockAt('windows:office', others, now, rules)).toEqual({ kind: 'none' });
    expect(lockAt('web-login', others, now, rules).kind).toBe('throttled');
  });

  test('stops at half of the stop, or with everybody else', () => {
    const at = (client: string, own: number, all: number) =>
      lockAt(client, { ...none, anonymousConsecutiveFailures: own, consecutiveFailures: all }, now, rules)
        .kind;
    expect([49, 50].map((own) => at('windows:office', own, own))).toEqual(['none', 'locked']);
    expect([50, 99, 100].map((all) => at('web-login', 50, all))).toEqual(['none', 'none', 'locked']);
    expect([99, 100].map((all) => at('windows:office', 0, all))).toEqual(['none', 'locked']);
  });
});

test('the table that the write states as its condition says the same as the rule', () => {
  const table = waitTable(rules);
  const free = (spent: readonly number[]) =>
    table.some(({ wrong, waitSeconds: wait }, place) => {
      const at = spent[wrong];
      const few = at === undefined || at <= ago(rules.windowSeconds);
      const waited = wait === 0 || (spent[0] ?? 0) <= ago(wait);
      return place === table.length - 1 ? waited : few && waited;
    });
  const times = fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 25 });
  fc.assert(
    fc.property(times, (seconds) => {
      const spent = seconds.toSorted((a, b) => a - b).map(ago);
      expect(free(spent)).toBe(
        lockOf({ failedAttempts: spent, consecutiveFailures: 0 }, now, rules).kind === 'none',
      );
    }),
    { numRuns: 2_000 },
  );
});

test('trimming forgets nothing that a lock depends on', () => {
  const times = fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 60 });
  fc.assert(
    fc.property(times, (seconds) => {
      const spent = seconds.toSorted((a, b) => a - b).map(ago);
      const trimmed = trimFailedAttempts(spent, now, rules);
      const [before, after] = [spent, trimmed].map((list) =>
        lockOf({ failedAttempts: list, consecutiveFailures: 0 }, now, rules),
      );
      expect(after).toEqual(before);
    }),
  );
});
