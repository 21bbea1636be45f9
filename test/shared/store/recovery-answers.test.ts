/** Answers that are kept for a replay: the first one, for ten minutes, for its key alone. */
import { randomBytes } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { keyringOf } from '../../../shared/domain/crypto/keyring.ts';
import { type Idempotency, idempotencyOf } from '../../../shared/domain/identifiers/request-id.ts';
import { keepAnswer, recallAnswer } from '../../../shared/domain/recovery/kept-answers.ts';
import { recoveryAnswers } from '../../../shared/store/recovery-answers.ts';
import { someDay } from '../../support/person.ts';
import { startTable } from '../../support/table.ts';

const table = await startTable();
afterAll(() => table.close());

const newId = () => randomBytes(24).toString('base64url');
let now = someDay;
const ports = {
  answers: recoveryAnswers(table, keyringOf(new Map([[1, Buffer.alloc(32, 7)]]))),
  clock: { now: () => now },
};
const under = (key: string, body: object = {}): Idempotency => idempotencyOf('web-login', '/path', key, body);

test('of twenty at once one is kept, and is what all get', async () => {
  const id = newId();
  const numbers = Array.from({ length: 20 }, (_, number) => number);
  const all = await Promise.all(numbers.map((number) => keepAnswer(id, under('a-key'), { number }, ports)));
  expect(new Set(all.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(await recallAnswer(id, under('a-key'), ports)).toEqual(all[0]);
});

test('another body under the key is in conflict; another key or recovery has none', async () => {
  const id = newId();
  await keepAnswer(id, under('a-key', { path: 'kba' }), { z: 1, a: 2 }, ports);
  expect(JSON.stringify(await recallAnswer(id, under('a-key', { path: 'kba' }), ports))).toBe(
    '{"z":1,"a":2}',
  );
  expect(await recallAnswer(id, under('a-key', { path: 'backup-code' }), ports)).toBe('conflict');
  expect(await recallAnswer(id, under('another-key', { path: 'kba' }), ports)).toBeUndefined();
  expect(await recallAnswer(newId(), under('a-key', { path: 'kba' }), ports)).toBeUndefined();
  expect(await recallAnswer(id, undefined, ports)).toBeUndefined();
});

test('after ten minutes the key is free, also where the table still has the item', async () => {
  const id = newId();
  await keepAnswer(id, under('a-key'), { first: true }, ports);
  now += 599_999;
  expect(await recallAnswer(id, under('a-key'), ports)).toEqual({ first: true });
  now += 1;
  expect(await recallAnswer(id, under('a-key'), ports)).toBeUndefined();
  expect(await keepAnswer(id, under('a-key'), { second: true }, ports)).toEqual({ second: true });
  expect(await recallAnswer(id, under('a-key'), ports)).toEqual({ second: true });
});
