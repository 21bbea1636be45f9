/** `POST /v1/kba-challenges/{challengeId}/check`: checks all answers together and gives one verdict. */
import { nameForLog } from '../../shared/domain/identifiers/challenge-id.ts';
import { newRequestId } from '../../shared/domain/identifiers/request-id.ts';
import { checkAnswers } from '../../shared/domain/kba/check-answers.ts';
import { failStep } from '../../shared/domain/recovery/answer-step.ts';
import { checkBody } from '../../shared/http/kba-challenges.ts';
import { challengePath } from '../../shared/http/otp-challenges.ts';
import { attemptsExhausted, json, problem } from '../../shared/http/problem.ts';
import { route } from '../../shared/http/route.ts';
import { answerVerified } from '../../shared/http/verification.ts';
import { log } from '../../shared/log/log.ts';
import { areQuestionsClosed, type Ports } from './ports.ts';

export const check = route(
  { path: challengePath, body: checkBody },
  async ({ path: { challengeId }, body: { answers }, token: { client }, idempotency }, ports: Ports) => {
    if (await areQuestionsClosed(ports)) return problem('fallback-disabled');
    const request = idempotency?.key ?? newRequestId();
    const outcome = await checkAnswers({ challengeId, client, answers, request }, ports);
    if (outcome.kind !== 'verified')
      log('answers-refused', { client, challenge: nameForLog(challengeId), reason: outcome.kind });
    switch (outcome.kind) {
      case 'verified': {
        const { userId, name, user, purpose, recovery, at } = outcome;
        const verified = {
          id: challengeId,
          userId,
          name,
          client,
          purpose,
          authenticator: 'kba',
          at,
        } as const;
        const body = await answerVerified(verified, recovery, ports);
        if (body === undefined) return problem('challenge-closed');
        log('answers-verified', { user, client, challenge: challengeId, purpose });
        return json(200, body);
      }
      case 'rejected': {
        const { attemptsRemaining, recovery } = outcome;
        // The last wrong answers and right ones may race. Whichever reaches the workflow first decides; if that is
        // these, the recovery fails.
        if (attemptsRemaining === 0 && recovery !== undefined) await failStep(recovery, challengeId, ports);
        const detail = 'Not all answers are right. Check them all and try again.';
        return problem('code-rejected', { detail, attemptsRemaining });
      }
      case 'attempts-exhausted': {
        const { recovery } = outcome;
        // The day's attempts are used up: nobody can answer this step any more.
        if (recovery !== undefined) await failStep(recovery, challengeId, ports);
        return attemptsExhausted(outcome, ports.clock);
      }
      case 'challenge-closed':
      case 'conflict':
      case 'fallback-disabled':
        return problem(outcome.kind);
    }
  },
);
