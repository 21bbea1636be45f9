/** users: enrols, reads, lists, removes and unlocks the people who may use the fallback. */
import { readDeliveries } from '../../shared/domain/enrolment/read-deliveries.ts';
import { listUsers, readUser } from '../../shared/domain/enrolment/read-users.ts';
import { readReadiness } from '../../shared/domain/enrolment/readiness.ts';
import { removeUser } from '../../shared/domain/enrolment/remove-user.ts';
import { findPerson } from '../../shared/domain/names/person.ts';
import { readinessBody } from '../../shared/http/explanation.ts';
import { deliveriesBody } from '../../shared/http/help-desk.ts';
import { json, nobody, noContent, problem } from '../../shared/http/problem.ts';
import { invalid } from '../../shared/http/request.ts';
import { route } from '../../shared/http/route.ts';
import { scopes } from '../../shared/http/routes.ts';
import { userPath } from '../../shared/http/user-id.ts';
import { listQuery, readinessQuery, userBody } from '../../shared/http/users.ts';
import { api } from '../../shared/lambda/api.ts';
import { log } from '../../shared/log/log.ts';
import { approve } from './approve.ts';
import { change } from './change.ts';
import { enrol } from './enrol.ts';
import { explain } from './explain.ts';
import { connect, type Ports } from './ports.ts';
import { readRestrictions, restrict } from './restrict.ts';
import { unlock } from './unlock.ts';

const read = route({ path: userPath }, async ({ path, caller }, ports: Ports) => {
  const user = await readUser(path.userId, ports);
  return user ? json(200, userBody(user, !caller.scopes.includes(scopes.admin))) : nobody();
});

const deliveries = route({ path: userPath }, async ({ path }, ports: Ports) => {
  const notes = await readDeliveries(await findPerson(path.userId, ports), ports);
  return notes ? json(200, deliveriesBody(notes)) : nobody();
});

const list = route({ query: listQuery }, async ({ query: { limit = 50, cursor } }, ports: Ports) => {
  const page = await listUsers(limit, cursor, ports);
  if (page === undefined) throw foreignCursor();
  return json(200, page);
});

const readiness = route({ query: readinessQuery }, async ({ query: { cursor } }, ports: Ports) => {
  const page = await readReadiness(cursor, ports);
  if (page === undefined) throw foreignCursor();
  return json(200, readinessBody(page));
});

const foreignCursor = () =>
  invalid([{ pointer: '/query/cursor', detail: 'Use the cursor of the page before.' }]);

const remove = route({ path: userPath }, async ({ path: { userId }, caller: { client } }, ports: Ports) => {
  const { kind, user, isProtectionTouched } = await removeUser(userId, ports);
  if (kind === 'not-found' || user === undefined) return problem(kind === 'removed' ? 'unavailable' : kind);
  log('user-removed', { user, client });
  if (isProtectionTouched) log('protected-person-changed', { user, client });
  return noContent();
});

export const handler = api('users', connect, {
  'PUT /v1/users/{userId}': enrol,
  'PATCH /v1/users/{userId}': change,
  'GET /v1/users/{userId}': read,
  'GET /v1/users': list,
  'GET /v1/readiness': readiness,
  'DELETE /v1/users/{userId}': remove,
  'POST /v1/users/{userId}/unlock': unlock,
  'POST /v1/users/{userId}/approvals': approve,
  'GET /v1/users/{userId}/deliveries': deliveries,
  'GET /v1/users/{userId}/explanation': explain,
  'GET /v1/restrictions': readRestrictions,
  'PUT /v1/restrictions': restrict,
});
