/** Security questions at enrolment: which are acceptable, and why one is not. */

import type { Keyring } from '../../shared/domain/crypto/keyring.ts';
import { type AnswerFault, answerFault } from '../../shared/domain/kba/answers.ts';
import { isCatalogueQuestion, questionIdOf } from '../../shared/domain/kba/catalogue.ts';
import {
  type EnrolledQuestion,
  enrolQuestion,
  type QuestionToEnrol,
} from '../../shared/domain/kba/enrolled-questions.ts';
import type { Policy } from '../../shared/domain/policy/policy.ts';
import type { InputError } from '../../shared/http/problem.ts';
import type { SecurityQuestionTexts } from '../../shared/messages/question-texts.ts';

interface GivenQuestion {
  readonly questionId?: string | undefined;
  readonly text?: string | undefined;
  readonly answer: string;
}

/** `wordings` are what the answer is held against; `fault` is at the question itself. */
export interface CheckedQuestion extends QuestionToEnrol {
  readonly wordings: readonly string[];
  readonly fault?: InputError;
}

export function toQuestion({ ids, wording, wordings }: SecurityQuestionTexts) {
  return ({ questionId, text, answer }: GivenQuestion, place: number): CheckedQuestion => {
    const pointer = `/securityQuestions/${place}`;
    if (questionId === undefined && text !== undefined) {
      return { questionId: questionIdOf(text), text, answer, wordings: [text] };
    }
    if (questionId === undefined || text !== undefined) {
      const fault = { pointer, detail: 'Use either questionId or text.' };
      return { questionId: '', answer, wordings: [], fault };
    }
    if (!ids.current.includes(questionId)) {
      const fault = { pointer: `${pointer}/questionId`, detail: `Use one of ${ids.current.join(', ')}.` };
      return { questionId, answer, wordings: [], fault };
    }
    // A list of the organisation's may lose the question later; the built-in catalogue does not.
    const kept = isCatalogueQuestion(questionId) ? undefined : wording(questionId);
    return { questionId, text: kept, answer, wordings: wordings(questionId) };
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
  questions.forEach(({ questionId, answer, wordings, fault: own }, place) => {
    const pointer = `/securityQuestions/${place}`;
    const earlier = questions.slice(0, place);
    if (own) errors.push(own);
    if (questionId !== '' && earlier.some((other) => other.questionId === questionId)) {
      errors.push({ pointer, detail: 'The question is asked twice.' });
    }
    const fault = answerFault(answer, {
      wordings,
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
