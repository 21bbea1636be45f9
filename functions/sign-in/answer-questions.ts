/** The act that answers security questions: all together, for one verdict. */
import { nameForLog } from '../../shared/domain/identifiers/challenge-id.ts';
import { checkAnswers } from '../../shared/domain/kba/check-answers.ts';
import { failStep } from '../../shared/domain/recovery/answer-step.ts';
import type { SessionChange } from '../../shared/domain/sign-in-session/change-session.ts';
import { lettersAndDigits } from '../../shared/domain/text/letters-and-digits.ts';
import { fieldOf } from '../../shared/http/web-request.ts';
import { log } from '../../shared/log/log.ts';
import { answerField } from '../../shared/pages/sign-in-form.ts';
import { answeredStep } from './answered-step.ts';
import type { Form } from './form.ts';
import { lockedBy } from './locked-by.ts';

const mostCharacters = 128;

export async function answerQuestions(form: Form): Promise<SessionChange> {
  const { fields, client, ports, request } = form;
  const step = form.recovery?.step;
  if (step?.type !== 'kba') return {};
  const { challengeId, questions } = step;
  const answers = questions.map(({ questionId }, place) => ({
    questionId,
    answer: fieldOf(fields, answerField(place)) ?? '',
  }));
  const places = answers.flatMap(({ answer }, place) => (counts(answer) ? [] : [place]));
  if (places.length > 0) return { problem: { kind: 'missing', places } };
  const outcome = await checkAnswers({ challengeId, client, answers, request }, ports);
  if (outcome.kind !== 'verified')
    log('answers-refused', { client, challenge: nameForLog(challengeId), reason: outcome.kind });
  switch (outcome.kind) {
    case 'verified': {
      const { user, purpose } = outcome;
      log('answers-verified', { user, client, challenge: challengeId, purpose });
      return answeredStep(form, challengeId);
    }
    case 'rejected': {
      const { attemptsRemaining, recovery: id } = outcome;
      if (attemptsRemaining > 0) return { problem: { kind: 'rejected', attemptsRemaining } };
      if (id !== undefined) await failStep(id, challengeId, ports);
      return { state: { at: 'spent', what: 'questions' } };
    }
    case 'attempts-exhausted': {
      if (outcome.recovery !== undefined) await failStep(outcome.recovery, challengeId, ports);
      return lockedBy(outcome, 'questions');
    }
    case 'challenge-closed':
    case 'conflict':
    case 'fallback-disabled':
      return { state: { at: 'spent', what: 'recovery' } };
  }
}

/** No answer at all is a slip, and costs no try. */
function counts(answer: string): boolean {
  return answer.length <= mostCharacters && lettersAndDigits(answer) !== '';
}
