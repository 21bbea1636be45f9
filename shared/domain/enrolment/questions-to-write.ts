/** Which questions a write replaces: none where the same ones are given again, so that nobody hears of a change that is none. */
import { matchesArgon2id } from '../crypto/argon2id.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { type EnrolledQuestion, type QuestionToEnrol, questionsOf } from '../kba/enrolled-questions.ts';
import { findPerson } from '../names/person.ts';
import { lettersAndDigits } from '../text/letters-and-digits.ts';
import { enrolQuestions } from './check-questions.ts';
import type { EnrolmentPorts } from './enrolment-ports.ts';

/** With the hash of each answer; `undefined` where the enrolled ones stay. */
export async function questionsToWrite(
  name: string,
  given: readonly QuestionToEnrol[] | undefined,
  ports: EnrolmentPorts,
): Promise<readonly EnrolledQuestion[] | undefined> {
  if (given === undefined) return undefined;
  const { record } = await findPerson(name, ports);
  const enrolled = questionsOf(record, ports.keyring);
  const isSame = given.length > 0 && (await areSame(given, enrolled, ports.keyring));
  return isSame ? undefined : enrolQuestions(given, ports.keyring);
}

async function areSame(
  given: readonly QuestionToEnrol[],
  enrolled: readonly EnrolledQuestion[],
  keyring: Keyring,
): Promise<boolean> {
  if (given.length !== enrolled.length) return false;
  const same = await Promise.all(
    given.map(({ questionId, answer }) => {
      const there = enrolled.find((question) => question.questionId === questionId);
      if (there === undefined) return false;
      const { salt, key, hash } = there;
      return matchesArgon2id(lettersAndDigits(answer), { salt, key: keyring.key('answer', key) }, hash);
    }),
  );
  return same.every((each) => each);
}
