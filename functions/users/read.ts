/** `GET /v1/users/{userId}` and its `/deliveries`: what is known of one person. */
import { readDeliveries } from '../../shared/domain/enrolment/read-deliveries.ts';
import { readUser } from '../../shared/domain/enrolment/read-users.ts';
import { findPerson } from '../../shared/domain/names/person.ts';
import { deliveriesBody } from '../../shared/http/help-desk.ts';
import { json, nobody } from '../../shared/http/problem.ts';
import { route } from '../../shared/http/route.ts';
import { scopes } from '../../shared/http/routes.ts';
import { userPath } from '../../shared/http/user-id.ts';
import { userBody } from '../../shared/http/users.ts';
import type { Ports } from './ports.ts';

export const read = route({ path: userPath }, async ({ path, token }, ports: Ports) => {
  const user = await readUser(path.userId, ports);
  return user ? json(200, userBody(user, !token.scopes.includes(scopes.admin))) : nobody();
});

export const deliveries = route({ path: userPath }, async ({ path }, ports: Ports) => {
  const notes = await readDeliveries(await findPerson(path.userId, ports), ports);
  return notes ? json(200, deliveriesBody(notes)) : nobody();
});
