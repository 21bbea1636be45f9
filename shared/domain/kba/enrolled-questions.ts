/** Security questions as they are enrolled: the hash of each answer, encrypted together. */
import { randomBytes } from 'node:crypto';
import { argon2idHash, noHash } from '../crypto/argon2id.ts';
import { decrypt, encrypt } from '../crypto/encryption.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { lettersAndDigits } from '../text/letters-and-digits.ts';
import type { SecurityQuestions, UserRecord } from '../user-record/user-record.ts';
import { catalogue } from './catalogue.ts';

export interface EnrolledQuestion {
  readonly questionId: string;
  /** Its wording when it was enrolled, where it is not of the built-in catalogue and could be lost. */
  readonly text?: string | undefined;
  readonly salt: string;
  readonly key: number;
  readonly hash: string;
}

export interface QuestionToEnrol {
  readonly questionId: string;
  readonly text?: string | undefined;
  readonly answer: string;
}

export async function enrolQuestion(
  { questionId, text, answer }: QuestionToEnrol,
  keyring: Keyring,
): Promise<EnrolledQuestion> {
  const salt = randomBytes(16).toString('base64url');
  const key = keyring.current;
  return {
    questionId,
    text,
    salt,
    key,
    hash: await argon2idHash(lettersAndDigits(answer), { salt, key: keyring.key('answer', key) }),
  };
}

/** @param asked those that wait for an answer: with others in their place nothing is decrypted */
export function encryptQuestions(
  questions: readonly EnrolledQuestion[],
  asked: readonly string[],
  locator: string,
  keyring: Keyring,
): Uint8Array {
  return encrypt(questions, contextOf(asked, locator), keyring);
}

export function decryptQuestions(
  { ciphertext, asked }: SecurityQuestions,
  locator: string,
  keyring: Keyring,
): readonly EnrolledQuestion[] {
  return decrypt(ciphertext, contextOf(asked, locator), keyring) as readonly EnrolledQuestion[];
}

/** Who writes into the table chooses no easier questions, nor one of them three times. */
const contextOf = (asked: readonly string[], locator: string): string =>
  JSON.stringify([locator, 'questions', ...asked]);

const decoys = new WeakMap<Keyring, SecurityQuestions>();

function decoyQuestions(keyring: Keyring): SecurityQuestions {
  const found = decoys.get(keyring);
  if (found) return found;
  const salt = 'A'.repeat(22);
  const questions = catalogue
    .slice(0, 3)
    .map((questionId) => ({ questionId, salt, key: keyring.current, hash: `${noHash}${salt}${salt}` }));
  const asked: readonly string[] = [];
  const decoy = { ciphertext: encryptQuestions(questions, asked, '', keyring), asked };
  decoys.set(keyring, decoy);
  return decoy;
}

/** For a user without questions others are decrypted and thrown away, so that the time does not tell. */
export function questionsOf(
  { locator, securityQuestions }: UserRecord,
  keyring: Keyring,
): readonly EnrolledQuestion[] {
  if (securityQuestions) return decryptQuestions(securityQuestions, locator, keyring);
  decryptQuestions(decoyQuestions(keyring), '', keyring);
  return [];
}
