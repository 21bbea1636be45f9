/** Hashes of answers and codes: what one costs, what it is bound to, and that older ones still match. */
import { createSecretKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  argon2idHash,
  isCurrentHash,
  matchesArgon2id,
  noHash,
} from '../../../../shared/domain/crypto/argon2id.ts';
import { currentCost } from '../../../../shared/domain/crypto/argon2id-cost.ts';

const key = createSecretKey(Buffer.alloc(32, 1));
const input = { salt: Buffer.alloc(16, 2).toString('base64url'), key, belongsTo: ['erin', 1] };

test('the cost is the one that the standards page names', () => {
  const { memory, passes, parallelism } = currentCost;
  const page = readFileSync(new URL('../../../../docs/standards.md', import.meta.url), 'utf8');
  expect(page).toContain(`argon2id, t=${passes}, m=${memory.toLocaleString('en-US')} KiB, p=${parallelism}.`);
});

test('a hash matches its text under its salt, key and owner alone', async () => {
  const hash = await argon2idHash('lapwing', input);
  expect(await matchesArgon2id('lapwing', input, hash)).toBe(true);
  expect(await matchesArgon2id('lapwinG', input, hash)).toBe(false);
  const others = [
    { ...input, salt: Buffer.alloc(16, 3).toString('base64url') },
    { ...input, key: createSecretKey(Buffer.alloc(32, 4)) },
    { ...input, belongsTo: ['erin', 2] },
  ];
  for (const other of others) expect(await matchesArgon2id('lapwing', other, hash)).toBe(false);
});

test('the cost of a hash stands in it, and another cost makes it one to renew', async () => {
  const hash = await argon2idHash('lapwing', input);
  expect(isCurrentHash(hash)).toBe(true);
  const dearer = hash.replace(/^\d+\$/, '16$');
  expect(isCurrentHash(dearer)).toBe(false);
  expect(await matchesArgon2id('lapwing', input, dearer)).toBe(false);
});

test('nothing matches where there is no hash', async () => {
  expect(await matchesArgon2id('', input, noHash)).toBe(false);
});
