/** The answers to a start and to a resend. */
import type { StartOutcome } from '../../shared/domain/otp/issue.ts';
import type { ChallengeView } from '../../shared/domain/user-record/challenge.ts';
import { challengeBody } from '../../shared/http/otp-challenges.ts';
import { type Answer, attemptsExhausted, json, problem, retryIn } from '../../shared/http/problem.ts';
import { promptOf } from '../../shared/messages/prompts.ts';
import type { Ports } from './ports.ts';

export function answer(outcome: StartOutcome, statusCode: 200 | 201, ports: Ports): Answer {
  switch (outcome.kind) {
    case 'challenge':
      return json(statusCode, view(outcome.view, ports));
    case 'rate-limited':
      return problem('rate-limited', retryIn(outcome.retryAt, ports.clock));
    case 'attempts-exhausted':
      return attemptsExhausted(outcome, ports.clock);
    case 'fallback-disabled':
    case 'method-unavailable':
    case 'conflict':
      return problem(outcome.kind);
  }
}

export function view(challenge: ChallengeView, { clock }: Ports) {
  return challengeBody(challenge, promptOf(challenge, clock.now()));
}
