/** `POST /v1/otp-challenges/{challengeId}/verify`: records an attempt at a code and answers a right one with an assertion. */
import { nameForLog } from '../../shared/domain/identifiers/challenge-id.ts';
import { newRequestId } from '../../shared/domain/identifiers/request-id.ts';
import { verifyCode } from '../../shared/domain/otp/verify-code.ts';
import { failStep } from '../../shared/domain/recovery/answer-step.ts';
import { challengePath, verifyBody } from '../../shared/http/otp-challenges.ts';
import { attemptsExhausted, json, problem } from '../../shared/http/problem.ts';
import { invalid } from '../../shared/http/request.ts';
import { route } from '../../shared/http/route.ts';
import { answerVerified } from '../../shared/http/verification.ts';
import { log } from '../../shared/log/log.ts';
import type { Ports } from './ports.ts';

const wrongLength = (digits: number) => ({
  pointer: '/code',
  detail: `Send the ${digits} digits of the code as a string. No attempt was used.`,
});

export const verify = route(
  { path: challengePath, body: verifyBody },
  async ({ path: { challengeId }, body: { code }, token: { client }, idempotency }, ports: Ports) => {
    const request = idempotency?.key ?? newRequestId();
    const outcome = await verifyCode({ challengeId, client, code, request }, ports);
    if (outcome.kind === 'wrong-length') throw invalid([wrongLength(outcome.digits)]);
    if (outcome.kind !== 'verified')
      log('code-refused', { client, challenge: nameForLog(challengeId), reason: outcome.kind });
    switch (outcome.kind) {
      case 'verified': {
        const { userId, name, user, purpose, method, country, recovery, at } = outcome;
        const verified = { id: challengeId, userId, name, client, purpose, authenticator: method, at };
        const body = await answerVerified(verified, recovery, ports);
        if (body === undefined) return problem('challenge-closed');
        log('code-verified', { user, client, challenge: challengeId, method, country, purpose });
        return json(200, body);
      }
      case 'code-rejected':
        if (outcome.attemptsRemaining === 0 && outcome.recovery !== undefined) {
          await failStep(outcome.recovery, challengeId, ports);
        }
        return problem('code-rejected', { attemptsRemaining: outcome.attemptsRemaining });
      case 'attempts-exhausted':
        return attemptsExhausted(outcome, ports.clock);
      case 'challenge-closed':
      case 'conflict':
      case 'fallback-disabled':
        return problem(outcome.kind);
    }
  },
);
