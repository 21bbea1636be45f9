/** Words what is wrong with the security questions of an enrolment, each fault with its place in the body. */
import type { QuestionFault } from '../domain/enrolment/check-questions.ts';
import type { AnswerFault } from '../domain/kba/answers.ts';
import type { InputError } from './problem.ts';

const answerDetails: Readonly<Record<AnswerFault, string>> = {
  'too-short': 'Use at least two letters or digits; one Chinese character or Korean syllable is enough.',
  'too-common':
    'Too many people give this answer. Use another, or add to it, for example a given name to a family name.',
  'in-the-question': 'The answer is part of the question.',
  'about-the-user': 'The answer is a name, number or address of the user.',
  repeated: 'Two questions have the same answer.',
};

export function questionError(fault: QuestionFault): InputError {
  if (fault.kind === 'too-few') {
    return { pointer: '/securityQuestions', detail: `Use at least ${fault.needed} questions, or none.` };
  }
  const pointer = `/securityQuestions/${fault.place}`;
  switch (fault.kind) {
    case 'id-or-text':
      return { pointer, detail: 'Use either questionId or text.' };
    case 'unknown-id':
      return { pointer: `${pointer}/questionId`, detail: `Use one of ${fault.known.join(', ')}.` };
    case 'asked-twice':
      return { pointer, detail: 'The question is asked twice.' };
    case 'answer':
      return { pointer: `${pointer}/answer`, detail: answerDetails[fault.fault] };
  }
}
