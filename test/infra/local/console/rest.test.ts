/** The local stack is at rest when nothing is at work and nothing is asked for, and not before. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { comesToRest } from '../../../../infra/local/console/rest.ts';

const never = new AbortController().signal;

/** Whether it has come to rest so far. */
function watched(running: () => number, asked: () => string, signal = never) {
  const seen: { isAtRest?: boolean } = {};
  const ended = comesToRest(running, asked, signal).then((isAtRest) => {
    seen.isAtRest = isAtRest;
  });
  return { seen, ended };
}

test('a function that is at work is waited for', async () => {
  let running = 1;
  const { seen, ended } = watched(
    () => running,
    () => '',
  );
  await delay(100);
  expect(seen).toEqual({});
  running = 0;
  await ended;
  expect(seen).toEqual({ isAtRest: true });
});

test('whoever asks AWS for something is waited for', async () => {
  let asked = 0;
  let isOver = false;
  const { seen, ended } = watched(
    () => 0,
    () => String(isOver ? asked : asked++),
  );
  await delay(100);
  expect(seen).toEqual({});
  isOver = true;
  await ended;
  expect(seen).toEqual({ isAtRest: true });
});

test('a wait that is broken off says that there is no rest', async () => {
  const { seen, ended } = watched(
    () => 1,
    () => '',
    AbortSignal.timeout(50),
  );
  await ended;
  expect(seen).toEqual({ isAtRest: false });
});
