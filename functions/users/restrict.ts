/** `PUT` and `GET /v1/restrictions`: closes recoveries or the help desk's codes for everybody, and opens them again. */
import { operatorReference } from '../../shared/domain/help-desk/operator.ts';
import {
  restrictables,
  restrictionChange,
  restrictionView,
} from '../../shared/domain/restrictions/restrictions.ts';
import { operatorFrom } from '../../shared/http/operator.ts';
import { json } from '../../shared/http/problem.ts';
import { invalid } from '../../shared/http/request.ts';
import { comingTime, restrictionsBody, untilPassed } from '../../shared/http/restrictions.ts';
import { route } from '../../shared/http/route.ts';
import { timestamp } from '../../shared/http/timestamp.ts';
import { log } from '../../shared/log/log.ts';
import type { Ports } from './ports.ts';

export const readRestrictions = route({}, async (_request, ports: Ports) => json(200, await view(ports)));

export const restrict = route({ body: restrictionsBody }, async ({ body, token }, ports: Ports) => {
  const { until: typed, reason, recoveries, helpDeskCodes } = body;
  const operator = operatorFrom(token, body, ports);
  const now = ports.clock.now();
  const until = typed === undefined ? undefined : comingTime(typed, now);
  if (typed !== undefined && until === undefined) throw invalid([untilPassed]);
  const change = restrictionChange(
    { recoveries, helpDeskCodes },
    { until, now, operator, reason },
    ports.keyring,
  );
  await ports.restrictions.write(change);
  log('restriction-changed', {
    client: token.client,
    operator: operatorReference(operator, ports),
    ...(recoveries === undefined ? {} : { recoveries }),
    ...(helpDeskCodes === undefined ? {} : { helpDeskCodes }),
  });
  return json(200, await view(ports));
});

async function view({ restrictions, clock, keyring }: Ports) {
  const known = await restrictions.read();
  const views = restrictables.map((what) => {
    const { until, ...shown } = { until: undefined, ...restrictionView(known, what, clock.now(), keyring) };
    return [what, { ...shown, ...(until === undefined ? {} : { until: timestamp(until) }) }] as const;
  });
  return Object.fromEntries(views);
}
