/** `POST /v1/users/{userId}/unlock`: ends waits and the lock of a person, for an operator who says why. */
import { unlockUser } from '../../shared/domain/enrolment/unlock-user.ts';
import { operatorReference } from '../../shared/domain/help-desk/operator.ts';
import { findPerson } from '../../shared/domain/names/person.ts';
import { actRefused } from '../../shared/http/act-refusal.ts';
import { operatorFrom, ticketForLog } from '../../shared/http/operator.ts';
import { nobody, noContent, problem, retryIn } from '../../shared/http/problem.ts';
import { route } from '../../shared/http/route.ts';
import { isAdministrator } from '../../shared/http/routes.ts';
import { userPath } from '../../shared/http/user-id.ts';
import { unlockBody } from '../../shared/http/users.ts';
import { log } from '../../shared/log/log.ts';
import type { Ports } from './ports.ts';

export const unlock = route(
  { path: userPath, body: unlockBody },
  async ({ path: { userId }, body, token, idempotency }, ports: Ports) => {
    const { client } = token;
    const operator = operatorFrom(token, body, ports);
    const request = { request: idempotency?.key, isAdministrator: isAdministrator(token) };
    const person = await findPerson(userId, ports);
    const outcome = await unlockUser({ person, ...body, operator, client, ...request }, ports);
    const who = {
      user: person.key,
      client,
      operator: operatorReference(operator, ports),
      ...ticketForLog(body),
    };
    if (outcome.kind === 'unlocked') {
      log('user-unlocked', { ...who, messages: outcome.messages === true });
      return noContent();
    }
    log('unlock-refused', { ...who, reason: outcome.kind });
    switch (outcome.kind) {
      case 'own-account':
        return problem('forbidden', { detail: 'An operator cannot unlock their own account.' });
      case 'not-found':
        return nobody();
      case 'rate-limited':
        return problem('rate-limited', retryIn(outcome.retryAt, ports.clock));
      case 'proof-required':
      case 'own-approval':
      case 'protected':
        return actRefused(outcome);
    }
  },
);
