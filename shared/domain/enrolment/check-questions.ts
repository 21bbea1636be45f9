/** Security questions at enrolment: which are acceptable, and why one is not. */
import type { Keyring } from '../crypto/keyring.ts';
import { type AnswerFault, answerFault } from '../kba/answers.ts';
import { isCatalogueQuestion, questionIdOf } from '../kba/catalogue.ts';
import { type EnrolledQuestion, enrolQuestion, type QuestionToEnrol } from '../kba/enrolled-questions.ts';
import type { Policy } from '../policy/policy.ts';

export interface GivenQuestion {
  readonly questionId?: string | undefined;
  readonly text?: string | undefined;
  readonly answer: string;
}

/** What is known of the questions that may be enrolled. */
export interface QuestionList {
  readonly ids: { readonly current: readonly string[] };
  /** In the deployment's language. */
  wording(id: string): string | undefined;
  /** In every language. */
  wordings(id: string): readonly string[];
}

export type QuestionFault =
  | { readonly kind: 'too-few'; readonly needed: number }
  | { readonly kind: 'unknown-id'; readonly place: number; readonly known: readonly string[] }
  | { readonly kind: 'id-or-text' | 'asked-twice'; readonly place: number }
  | { readonly kind: 'answer'; readonly place: number; readonly fault: AnswerFault };

/** `wordings` are what the answer is held against; `fault` is at the question itself. */
interface CheckedQuestion extends QuestionToEnrol {
  readonly wordings: readonly string[];
  readonly fault?: QuestionFault;
}

/** Everything that is wrong. Answers are never repeated in it. */
export function checkQuestions(
  given: readonly GivenQuestion[],
  about: readonly string[],
  { kba }: Policy,
  list: QuestionList,
): { readonly questions: readonly QuestionToEnrol[]; readonly faults: readonly QuestionFault[] } {
  const questions = given.map((question, place) => checked(question, place, list));
  const isTooFew = given.length > 0 && given.length < kba.questions;
  return {
    questions,
    faults: [
      ...(isTooFew ? [{ kind: 'too-few', needed: kba.questions } as const] : []),
      ...questions.flatMap((question, place) => faultsOf(question, place, questions.slice(0, place), about)),
    ],
  };
}

function checked(
  { questionId, text, answer }: GivenQuestion,
  place: number,
  { ids, wording, wordings }: QuestionList,
): CheckedQuestion {
  if (questionId === undefined && text !== undefined) {
    return { questionId: questionIdOf(text), text, answer, wordings: [text] };
  }
  if (questionId === undefined || text !== undefined) {
    return { questionId: '', answer, wordings: [], fault: { kind: 'id-or-text', place } };
  }
  if (!ids.current.includes(questionId)) {
    return { questionId, answer, wordings: [], fault: { kind: 'unknown-id', place, known: ids.current } };
  }
  // A list of the organisation's may lose the question later; the built-in catalogue does not.
  const kept = isCatalogueQuestion(questionId) ? undefined : wording(questionId);
  return { questionId, text: kept, answer, wordings: wordings(questionId) };
}

function faultsOf(
  { questionId, answer, wordings, fault: own }: CheckedQuestion,
  place: number,
  earlier: readonly CheckedQuestion[],
  about: readonly string[],
): QuestionFault[] {
  const isTwice = questionId !== '' && earlier.some((other) => other.questionId === questionId);
  const others = earlier.map((other) => other.answer);
  const fault = answerFault(answer, { wordings, about, others });
  return [
    ...(own ? [own] : []),
    ...(isTwice ? [{ kind: 'asked-twice', place } as const] : []),
    ...(fault ? [{ kind: 'answer', place, fault } as const] : []),
  ];
}

/** With the hash of each answer. */
export function enrolQuestions(
  questions: readonly QuestionToEnrol[],
  keyring: Keyring,
): Promise<readonly EnrolledQuestion[]> {
  return Promise.all(questions.map((question) => enrolQuestion(question, keyring)));
}
