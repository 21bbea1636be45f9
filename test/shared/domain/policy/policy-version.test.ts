/** The version that log lines name a policy by. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultPolicy, type Policy } from '../../../../shared/domain/policy/policy.ts';
import { policyVersion } from '../../../../shared/domain/policy/policy-version.ts';

/** The same values with the keys of every object in another order. */
function shuffled(value: unknown, by: number): unknown {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, shuffled(inner, by)] as const);
  return Object.fromEntries([...entries.slice(by), ...entries.slice(0, by)]);
}

test('is eight characters that log groups and shells take as one word', () => {
  expect(policyVersion(defaultPolicy)).toMatch(/^[\w-]{8}$/);
});

test('does not depend on the order in which fields were written', () => {
  fc.assert(
    fc.property(fc.nat(12), (by) => {
      expect(policyVersion(shuffled(defaultPolicy, by) as Policy)).toBe(policyVersion(defaultPolicy));
    }),
  );
});

test('differs with every single field, lists and their order included', () => {
  const changed = (value: unknown): unknown[] => {
    if (Array.isArray(value)) return [value.toReversed(), value.slice(1)];
    if (typeof value === 'object' && value !== null)
      return Object.entries(value).flatMap(([key, inner]) =>
        changed(inner).map((other) => ({ ...value, [key]: other })),
      );
    return [typeof value === 'number' ? value + 1 : `${value}, changed`];
  };
  const versions = [defaultPolicy, ...changed(defaultPolicy)].map((each) => policyVersion(each as Policy));
  expect(versions.length).toBeGreaterThan(20);
  expect(new Set(versions).size).toBe(versions.length);
});
