/** Transactions of logon screens: sealed, bound to their owner, and short-lived. */
import { describe, expect, test } from 'vitest';
import { keyringOf } from '../../../../shared/domain/crypto/keyring.ts';
import { newTransaction, readTransaction } from '../../../../shared/domain/dialogue/transaction.ts';

const keyring = keyringOf(new Map([[1, Buffer.alloc(32, 1)]]));
const now = Date.parse('2026-03-02T09:00:00Z');
const owner = { group: 'pcs', name: 'Alice' };
const { text, id } = newTransaction(owner, now, keyring);

describe('a transaction', () => {
  test('is read back by its owner for fifteen minutes, however the name is spelled', () => {
    for (const name of ['Alice', 'alice', 'ALICE'])
      expect(readTransaction(text, { group: 'pcs', name }, now + 899_999, keyring)).toMatchObject({
        id,
        text,
      });
  });

  test.each([
    ['of somebody else', { group: 'pcs', name: 'bob' }, now],
    ['of another group’s key', { group: 'others', name: 'Alice' }, now],
    ['of fifteen minutes ago', owner, now + 900_000],
    ['of yesterday', owner, now + 86_400_000],
    ['of tomorrow', owner, now - 86_400_000],
  ])('%s is none', (_, asking, at) => {
    expect(readTransaction(text, asking, at, keyring)).toBeUndefined();
  });

  test('that was changed anywhere is none', () => {
    for (let at = 0; at < text.length; at += 1) {
      const other = text[at] === 'x' ? 'y' : 'x';
      const changed = text.slice(0, at) + other + text.slice(at + 1);
      expect(readTransaction(changed, owner, now, keyring)).toBeUndefined();
    }
    for (const changed of ['', 'x', `${text}x`, ` ${text}`, '01234567890123456789', text.repeat(2_000)])
      expect(readTransaction(changed, owner, now, keyring)).toBeUndefined();
  });

  test('outlives a change of the key in use, and not the end of its own', () => {
    const [older, newer] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    const rotated = keyringOf(
      new Map([
        [2, newer],
        [1, older],
      ]),
    );
    expect(readTransaction(text, owner, now, rotated)).toMatchObject({ id });
    const alone = keyringOf(new Map([[2, newer]]));
    expect(readTransaction(text, owner, now, alone)).toBeUndefined();
  });
});
