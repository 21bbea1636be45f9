/** The replay store in memory: one claim of an id is true, and it never grows beyond its bound. */
import { afterEach, expect, test, vi } from 'vitest';
import { memoryReplayStore } from '../../../shared/client/index.ts';

afterEach(() => {
  vi.useRealTimers();
});
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000);

test('an id is claimed once while it lives', () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const store = memoryReplayStore();
  expect(store.claim('one', inSeconds(125))).toBe(true);
  expect(store.claim('one', inSeconds(125))).toBe(false);
  expect(store.claim('two', inSeconds(125))).toBe(true);
  vi.setSystemTime(inSeconds(124));
  expect(store.claim('one', inSeconds(1))).toBe(false);
});

test('what is full of living ids accepts no assertion, and goes on when they are over', () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const store = memoryReplayStore({ capacity: 2 });
  store.claim('one', inSeconds(10));
  store.claim('two', inSeconds(20));
  expect(() => store.claim('three', inSeconds(20))).toThrow('more than 2');
  vi.setSystemTime(inSeconds(11));
  expect(store.claim('three', inSeconds(20))).toBe(true);
  expect(store.claim('two', inSeconds(9))).toBe(false);
});
