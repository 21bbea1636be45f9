/** `GET /v1/users` and `GET /v1/readiness`: everybody, a page at a time. */
import { listUsers } from '../../shared/domain/enrolment/read-users.ts';
import { readReadiness } from '../../shared/domain/enrolment/readiness.ts';
import { readinessBody } from '../../shared/http/explanation.ts';
import { json } from '../../shared/http/problem.ts';
import { invalid } from '../../shared/http/request.ts';
import { route } from '../../shared/http/route.ts';
import { listQuery, readinessQuery } from '../../shared/http/users.ts';
import type { Ports } from './ports.ts';

export const list = route({ query: listQuery }, async ({ query: { limit = 50, cursor } }, ports: Ports) => {
  const page = await listUsers(limit, cursor, ports);
  if (page === undefined) throw foreignCursor();
  return json(200, page);
});

export const readiness = route({ query: readinessQuery }, async ({ query: { cursor } }, ports: Ports) => {
  const page = await readReadiness(cursor, ports);
  if (page === undefined) throw foreignCursor();
  return json(200, readinessBody(page));
});

const foreignCursor = () =>
  invalid([{ pointer: '/query/cursor', detail: 'Use the cursor of the page before.' }]);
