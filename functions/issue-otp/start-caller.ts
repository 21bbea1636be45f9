/** `POST /v1/users/{userId}/caller-verifications`: sends a code that the caller reads to the operator. */
import { operatorReference } from '../../shared/domain/help-desk/operator.ts';
import { startCallerVerification } from '../../shared/domain/help-desk/start-caller-verification.ts';
import { newRequestId } from '../../shared/domain/identifiers/request-id.ts';
import { findPerson } from '../../shared/domain/names/person.ts';
import { callerBody, callerVerificationBody } from '../../shared/http/help-desk.ts';
import { operatorFrom, ticketForLog } from '../../shared/http/operator.ts';
import { json, nobody, problem, retryIn } from '../../shared/http/problem.ts';
import { route } from '../../shared/http/route.ts';
import { isAdministrator } from '../../shared/http/routes.ts';
import { userPath } from '../../shared/http/user-id.ts';
import { log } from '../../shared/log/log.ts';
import type { Ports } from './ports.ts';

export const startCaller = route(
  { path: userPath, body: callerBody },
  async ({ path: { userId }, body, token, idempotency }, ports: Ports) => {
    const { client } = token;
    const name = operatorFrom(token, body, ports);
    ports.queues.prepare();
    const person = await findPerson(userId, ports);
    const request = idempotency?.key ?? newRequestId();
    const operator = { name, client, isAdministrator: isAdministrator(token) };
    const outcome = await startCallerVerification({ person, operator, request }, ports);
    const who = { user: person.key, client, operator: operatorReference(name, ports), ...ticketForLog(body) };
    if (outcome.kind === 'started') {
      log('caller-verification-started', { ...who, challenge: outcome.challengeId });
      return json(201, callerVerificationBody(outcome));
    }
    log('caller-verification-refused', { ...who, reason: outcome.kind });
    switch (outcome.kind) {
      case 'not-found':
        return nobody();
      case 'method-unavailable':
        return problem('method-unavailable', {
          detail:
            'The person is disabled, or has no address that the policy (helpDesk.callerAddresses) names.',
        });
      case 'own-account':
        return problem('forbidden', { detail: 'An operator cannot verify themselves as a caller.' });
      case 'rate-limited':
        return problem('rate-limited', retryIn(outcome.retryAt, ports.clock));
    }
  },
);
