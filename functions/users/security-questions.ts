/** Security questions at enrolment: which are acceptable, and why one is not. */
import { questionText } from '../../shared/delivery/texts.ts';
import { type AnswerFault, answerFault } from '../../shared/domain/answers.ts';
import type { Keyring } from '../../shared/domain/keyring.ts';
import type { Policy } from '../../shared/domain/policy.ts';
import {
  type CatalogueQuestion,
  type EnrolledQuestion,
  enrolQuestion,
  type QuestionToEnrol,
  questionIdOf,
} from '../../shared/domain/questions.ts';
import type { InputError } from '../../shared/http/problem.ts';

interface GivenQuestion {
  readonly questionId?: CatalogueQuestion | undefined;
  readonly text?: string | undefined;
  readonly answer: string;
}

/** `wording` is what the answer is held against; `questionId` is empty where the body names no question. */
export interface CheckedQuestion extends QuestionToEnrol {
  readonly wording: string;
}

export function toQuestion(locale: string) {
  return ({ questionId, text, answer }: GivenQuestion): CheckedQuestion => {
    if (questionId !== undefined && text === undefined) {
      return { questionId, answer, wording: questionText(locale, questionId) };
    }
    if (questionId === undefined && text !== undefined) {
      return { questionId: questionIdOf(text), text, answer, wording: text };
    }
    return { questionId: '', answer, wording: '' };
  };
}

const faults: Readonly<Record<AnswerFault, string>> = {
  'too-short': 'Use an answer of at least two characters.',
  'too-common': 'Too many people give this answer. Use a more particular one.',
  'in-the-question': 'The answer stands in the question.',
  'about-the-user': 'The answer is a name, number or address of the user.',
  repeated: 'Two questions have the same answer.',
};

/** Everything that is wrong, each fault at its place; answers are never repeated in it. */
export function questionErrors(
  questions: readonly CheckedQuestion[] | undefined,
  user: Readonly<Record<string, string | undefined>>,
  { kba }: Policy,
): InputError[] {
  if (questions === undefined || questions.length === 0) return [];
  const errors: InputError[] = [];
  if (questions.length < kba.questions) {
    errors.push({
      pointer: '/securityQuestions',
      detail: `Use at least ${kba.questions} questions, or none.`,
    });
  }
  const about = Object.values(user).filter((fact) => fact !== undefined);
  questions.forEach(({ questionId, answer, wording }, place) => {
    const pointer = `/securityQuestions/${place}`;
    const earlier = questions.slice(0, place);
    if (questionId === '') errors.push({ pointer, detail: 'Use either questionId or text.' });
    if (questionId !== '' && earlier.some((other) => other.questionId === questionId)) {
      errors.push({ pointer, detail: 'The question is asked twice.' });
    }
    const fault = answerFault(answer, {
      question: wording,
      about,
      others: earlier.map((other) => other.answer),
    });
    if (fault) errors.push({ pointer: `${pointer}/answer`, detail: faults[fault] });
  });
  return errors;
}

export async function hashed(
  questions: readonly QuestionToEnrol[] | undefined,
  { keyring }: { readonly keyring: Keyring },
): Promise<readonly EnrolledQuestion[] | undefined> {
  return questions && Promise.all(questions.map((question) => enrolQuestion(question, keyring)));
}
