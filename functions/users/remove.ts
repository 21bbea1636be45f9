/** `DELETE /v1/users/{userId}`: removes a person. */
import { removeUser } from '../../shared/domain/enrolment/remove-user.ts';
import { noContent, problem } from '../../shared/http/problem.ts';
import { route } from '../../shared/http/route.ts';
import { userPath } from '../../shared/http/user-id.ts';
import { log } from '../../shared/log/log.ts';
import type { Ports } from './ports.ts';

export const remove = route(
  { path: userPath },
  async ({ path: { userId }, token: { client } }, ports: Ports) => {
    const { kind, user, isProtectionTouched } = await removeUser(userId, ports);
    if (kind === 'not-found' || user === undefined) return problem(kind === 'removed' ? 'unavailable' : kind);
    log('user-removed', { user, client });
    if (isProtectionTouched) log('protected-person-changed', { user, client });
    return noContent();
  },
);
