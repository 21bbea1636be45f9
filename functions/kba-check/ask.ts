/** `POST /v1/kba-challenges`: asks a person security questions. */
import { askQuestions } from '../../shared/domain/kba/ask-questions.ts';
import { findPerson } from '../../shared/domain/names/person.ts';
import { recoveryPaths } from '../../shared/domain/policy/recovery-paths.ts';
import { askBody, questionsBody } from '../../shared/http/kba-challenges.ts';
import { attemptsExhausted, json, problem } from '../../shared/http/problem.ts';
import { route } from '../../shared/http/route.ts';
import { log } from '../../shared/log/log.ts';
import { areQuestionsClosed, type Ports, worded } from './ports.ts';

export const ask = route(
  { body: askBody },
  async ({ body: { userId, session, locale }, token: { client }, idempotency }, ports: Ports) => {
    if (!recoveryPaths(ports.policy).includes('kba') || (await areQuestionsClosed(ports)))
      return problem('fallback-disabled');
    const person = await findPerson(userId, ports);
    const outcome = await askQuestions({ person, client, purpose: 'sign-in', session, idempotency }, ports);
    const user = person.key;
    if (outcome.kind !== 'questions') log('questions-refused', { user, client, reason: outcome.kind });
    switch (outcome.kind) {
      case 'questions': {
        log('questions-asked', { user, client, challenge: outcome.view.challengeId });
        const wording = worded(ports);
        const questions = outcome.questions.map((question) => wording(question, locale));
        return json(201, questionsBody(outcome.view, questions));
      }
      case 'attempts-exhausted':
        return attemptsExhausted(outcome, ports.clock);
      case 'fallback-disabled':
      case 'conflict':
        return problem(outcome.kind);
    }
  },
);
