/** Security questions as they are enrolled: the hash of each answer, encrypted together. */
import { randomBytes } from 'node:crypto';
import { argon2idHash, noHash } from '../crypto/argon2id.ts';
import { decrypt, encrypt } from '../crypto/encryption.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { lettersAndDigits } from '../text/letters-and-digits.ts';
import type { UserRecord } from '../user-record/user-record.ts';
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

export function encryptQuestions(
  questions: readonly EnrolledQuestion[],
  locator: string,
  keyring: Keyring,
): Uint8Array {
  return encrypt(questions, locator, keyring);
}

export function decryptQuestions(
  ciphertext: Uint8Array,
  locator: string,
  keyring: Keyring,
): readonly EnrolledQuestion[] {
  return decrypt(ciphertext, locator, keyring) as readonly EnrolledQuestion[];
}

const decoyCiphertexts = new WeakMap<Keyring, Uint8Array>();

function decoyCiphertext(keyring: Keyring): Uint8Array {
  const found = decoyCiphertexts.get(keyring);
  if (found) return found;
  const salt = 'A'.repeat(22);
  const questions = catalogue
    .slice(0, 3)
    .map((questionId) => ({ questionId, salt, key: keyring.current, hash: `${noHash}${salt}${salt}` }));
  const ciphertext = encryptQuestions(questions, '', keyring);
  decoyCiphertexts.set(keyring, ciphertext);
  return ciphertext;
}

/** For a user without questions others are decrypted and thrown away, so that the time does not tell. */
export function questionsOf(
  { locator, securityQuestions }: UserRecord,
  keyring: Keyring,
): readonly EnrolledQuestion[] {
  if (securityQuestions) return decryptQuestions(securityQuestions.ciphertext, locator, keyring);
  decryptQuestions(decoyCiphertext(keyring), '', keyring);
  return [];
}
