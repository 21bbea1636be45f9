/** The statistics of the evidence, on values whose results are known. */
import { expect, test } from 'vitest';
import { chiSquared, median, quantile, seededRandom, separability, shuffled } from './statistics.ts';

test('a median lies between the middle two', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(quantile([1, 2, 3, 4, 5], 0.99)).toBeCloseTo(4.96);
});

test('arms that are alike cannot be told apart, and arms that do not overlap always', () => {
  expect(separability([1, 2, 3], [1, 2, 3])).toBe(0.5);
  expect(separability([1, 2], [3, 4])).toBe(1);
  expect(separability([3, 4], [1, 2])).toBe(1);
  expect(separability([1, 3], [2, 4])).toBe(0.75);
});

test('equal frequencies have no chi-squared, and one that is off has', () => {
  expect(chiSquared([10, 10, 10])).toBe(0);
  expect(chiSquared([12, 8])).toBeCloseTo(0.8);
});

test('a seed gives the same traffic again, and another seed another', () => {
  const [one, same, other] = [1, 1, 2].map((seed) => shuffled([1, 2, 3, 4, 5, 6, 7, 8], seededRandom(seed)));
  expect(same).toEqual(one);
  expect(other).not.toEqual(one);
  expect(other?.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});
