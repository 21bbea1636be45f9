/** Transactions of a dialogue: an id that one name at one group of PCs can use, for fifteen minutes, and nobody else. */
import { randomBytes } from 'node:crypto';
import { sameDigest } from '../crypto/digest.ts';
import { hmac128, type Keyring } from '../crypto/keyring.ts';
import { foldUserId } from '../identifiers/user-id.ts';

/** Whom an id is for. A transaction of somebody else, or of another group's key, is none. */
export interface TransactionOwner {
  readonly group: string;
  /** The name as it was typed. */
  readonly name: string;
}

export interface Transaction {
  /** As the client holds it and sends it back. */
  readonly text: string;
  /** 128 random bits: where the table keeps the dialogue. */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly endsAt: number;
}

export const transactionLifetimeMilliseconds = 900_000;
const skewMilliseconds = 5_000; // clocks of two instances differ by less
const idCharacters = 22; // 16 bytes as base64url

export function newTransaction(owner: TransactionOwner, now: number, keyring: Keyring): Transaction {
  return written(owner, randomBytes(16).toString('base64url'), now, keyring.current, keyring);
}

/** `undefined` for an id that is over, somebody else's, another group's or made up: it costs no request to know. */
export function readTransaction(
  text: string,
  owner: TransactionOwner,
  now: number,
  keyring: Keyring,
): Transaction | undefined {
  const [, id, begun = '', key] = form.exec(text) ?? [];
  if (id === undefined) return undefined;
  const beganAt = Number.parseInt(begun, 36);
  if (beganAt > now + skewMilliseconds || beganAt + transactionLifetimeMilliseconds <= now) return undefined;
  if (!keyring.versions.includes(Number(key))) return undefined;
  const transaction = written(owner, id, beganAt, Number(key), keyring);
  return sameDigest(transaction.text, text) ? transaction : undefined;
}

/** The id, when it began, the version of the key, and a MAC over these and the owner. */
const form = new RegExp(`^([\\w-]{${idCharacters}})\\.([0-9a-z]{1,9})\\.([1-9]\\d{0,4})\\.[\\w-]{22}$`);

function written(
  { group, name }: TransactionOwner,
  id: string,
  begun: number,
  key: number,
  keyring: Keyring,
): Transaction {
  const time = begun.toString(36);
  const mac = hmac128(keyring.key('dialogue', key), group, foldUserId(name), id, time);
  return { text: [id, time, key, mac].join('.'), id, endsAt: begun + transactionLifetimeMilliseconds };
}
