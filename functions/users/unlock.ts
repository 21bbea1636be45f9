/** `POST /v1/users/{userId}/unlock`: ends waits and the lock of a person, for an operator who says why. */
import { unlockUser } from '../../shared/domain/enrolment/unlock-user.ts';
import { findPerson } from '../../shared/domain/names/person.ts';
import { operatorFrom, operatorReference } from '../../shared/http/operator.ts';
import { noContent, problem } from '../../shared/http/problem.ts';
import { route } from '../../shared/http/route.ts';
import { userPath } from '../../shared/http/user-id.ts';
import { unlockBody } from '../../shared/http/users.ts';
import { log } from '../../shared/log/log.ts';
import type { Ports } from './ports.ts';

export const unlock = route(
  { path: userPath, body: unlockBody },
  async ({ path: { userId }, body, caller, idempotency }, ports: Ports) => {
    const { client } = caller;
    const operator = operatorFrom(caller, body, ports);
    const person = await findPerson(userId, ports);
    const outcome = await unlockUser({ person, ...body, operator, client, request: idempotency?.key }, ports);
    switch (outcome) {
      case 'unlocked':
        log('user-unlocked', { user: person.key, client, operator: operatorReference(operator, ports) });
        return noContent();
      case 'own-account':
        return problem('forbidden', { detail: 'An operator cannot unlock their own account.' });
      case 'not-found':
        return problem('not-found');
    }
  },
);
