/** Judging answers: all of them together, each hashed and compared, in the same time whichever are wrong. */
import { isCurrentHash, matchesArgon2id, noHash } from '../crypto/argon2id.ts';
import { hmac128, type Keyring } from '../crypto/keyring.ts';
import { lettersAndDigits } from '../text/letters-and-digits.ts';
import type { KbaChallenge } from '../user-record/challenge.ts';
import { type EnrolledQuestion, enrolQuestion } from './enrolled-questions.ts';

export interface GivenAnswer {
  readonly questionId: string;
  readonly answer: string;
}

/** 128 bits that stand for all answers of an attempt in the challenge's record; useless without the key. */
export function answersDigest(
  answers: readonly GivenAnswer[],
  challengeId: string,
  key: number,
  keyring: Keyring,
): string {
  const parts = answers.flatMap(({ questionId, answer }) => [questionId, lettersAndDigits(answer)]);
  return hmac128(keyring.key('guess', key), challengeId, ...parts);
}

/** Every question that was asked is hashed and compared, also one without an answer. */
export async function areAllRight(
  challenge: KbaChallenge,
  enrolled: readonly EnrolledQuestion[],
  answers: readonly GivenAnswer[],
  keyring: Keyring,
): Promise<boolean> {
  const byId = new Map(enrolled.map((question) => [question.questionId, question]));
  const given = new Map(answers.map(({ questionId, answer }) => [questionId, lettersAndDigits(answer)]));
  const nobodys = { salt: challenge.id, key: keyring.current, hash: noHash };
  const results = await Promise.all(
    challenge.asked.map((questionId) => {
      const { salt, key, hash } = byId.get(questionId) ?? nobodys;
      return matchesArgon2id(given.get(questionId) ?? '', { salt, key: keyring.key('answer', key) }, hash);
    }),
  );
  const exact = answers.length === challenge.asked.length && given.size === answers.length;
  return results.filter((right) => right).length === challenge.asked.length && exact;
}

/** Makes hashes of an older setting or key anew, while their answers are at hand. */
export function rehash(
  enrolled: readonly EnrolledQuestion[],
  answers: readonly GivenAnswer[],
  keyring: Keyring,
): Promise<readonly EnrolledQuestion[]> {
  return Promise.all(
    enrolled.map((question) => {
      const given = answers.find(({ questionId }) => questionId === question.questionId);
      const isCurrent = question.key === keyring.current && isCurrentHash(question.hash);
      return isCurrent || given === undefined
        ? question
        : enrolQuestion({ ...question, answer: given.answer }, keyring);
    }),
  );
}
