/** `POST /v1/caller-verifications/{callerVerificationId}/verify`: a right code gives the operator a proof. */
import { verifyCaller } from '../../shared/domain/help-desk/verify-caller.ts';
import { nameForLog } from '../../shared/domain/identifiers/challenge-id.ts';
import { newRequestId } from '../../shared/domain/identifiers/request-id.ts';
import { callerCodeBody, callerPath } from '../../shared/http/help-desk.ts';
import { attemptsExhausted, json, problem } from '../../shared/http/problem.ts';
import { invalid } from '../../shared/http/request.ts';
import { route } from '../../shared/http/route.ts';
import { log } from '../../shared/log/log.ts';
import type { Ports } from './ports.ts';

export const verifyCallerCode = route(
  { path: callerPath, body: callerCodeBody },
  async ({ path, body: { code }, token: { client }, idempotency }, ports: Ports) => {
    const { callerVerificationId: challengeId } = path;
    const request = idempotency?.key ?? newRequestId();
    const outcome = await verifyCaller({ challengeId, client, code, request }, ports);
    if (outcome.kind === 'wrong-length') {
      const detail = `Send the ${outcome.digits} digits of the code as a string. No attempt was used.`;
      throw invalid([{ pointer: '/code', detail }]);
    }
    if (outcome.kind === 'verified') {
      const { user, operator, proof } = outcome;
      log('caller-verified', { user, client, operator, challenge: challengeId });
      return json(200, { proof });
    }
    log('caller-code-refused', { client, challenge: nameForLog(challengeId), reason: outcome.kind });
    switch (outcome.kind) {
      case 'code-rejected':
        return problem('code-rejected', { attemptsRemaining: outcome.attemptsRemaining });
      case 'attempts-exhausted':
        return attemptsExhausted(outcome, ports.clock);
      case 'challenge-closed':
      case 'conflict':
        return problem(outcome.kind);
    }
  },
);
