/** `GET /v1/users/{userId}/explanation`: what a person would be offered now, and what decides where it is not. */
import { explainOffers } from '../../shared/domain/enrolment/explain-offers.ts';
import { findPerson } from '../../shared/domain/names/person.ts';
import { isClosed, restrictables } from '../../shared/domain/restrictions/restrictions.ts';
import { explanationBody } from '../../shared/http/explanation.ts';
import { json, nobody } from '../../shared/http/problem.ts';
import { route } from '../../shared/http/route.ts';
import { userPath } from '../../shared/http/user-id.ts';
import type { Ports } from './ports.ts';

export const explain = route({ path: userPath }, async ({ path: { userId } }, ports: Ports) => {
  const { record } = await findPerson(userId, ports);
  if (record.enrolment === undefined) return nobody();
  const now = ports.clock.now();
  const known = await ports.restrictions.read();
  const closed = restrictables
    .filter((what) => isClosed(known, what, now))
    .map((what) => [what, { until: known[what]?.until }]);
  return json(
    200,
    explanationBody(explainOffers(record, record.enrolment, Object.fromEntries(closed), now, ports)),
  );
});
