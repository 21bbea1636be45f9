/** The handler of every function that browsers and OAuth clients call: finds the route, answers, and catches faults. */

import { ForgedState } from '../domain/faults.ts';
import { refusedByFront } from '../http/front.ts';
import type { Answer } from '../http/problem.ts';
import type { DoorFunction, DoorRouteKeyOf } from '../http/routes.ts';
import type { WebEvent } from '../http/web-request.ts';
import { faultOf } from '../log/fault.ts';
import { log } from '../log/log.ts';
import { namingRequests } from '../log/request-ids.ts';
import { connection } from './connection.ts';

export type WebRoute<Ports> = (event: WebEvent, ports: Ports) => Promise<Answer>;

/** What a fault is answered with; it says nothing about its cause. */
export type OnFault = (event: WebEvent) => Answer;

/**
 * A Lambda handler for HTTP API events (payload 2.0) of routes without an access token.
 *
 * @param name of the function: `routes` must have each route that the table gives to it, and no other
 * @param connect runs at cold start, and again with the next event if it failed
 */
export function web<const F extends DoorFunction, Ports>(
  _name: F,
  connect: () => Promise<Ports>,
  routes: Readonly<Record<DoorRouteKeyOf<F>, WebRoute<Ports>>>,
  onFault: OnFault,
) {
  const portsOf = connection(connect);
  const answer = async (event: WebEvent): Promise<Answer> => {
    try {
      const key = event.routeKey.replace(/^HEAD /, 'GET ') as DoorRouteKeyOf<F>;
      return await routes[key](event, await portsOf());
    } catch (error) {
      const { routeKey: route } = event;
      if (error instanceof ForgedState) log('forged-state', { route, state: error.state });
      else log('request-failed', { route, fault: faultOf(error) });
      return onFault(event);
    }
  };
  return namingRequests(async (event: WebEvent): Promise<Answer> => {
    const answered = refusedByFront(event) ?? (await answer(event));
    return event.routeKey.startsWith('HEAD ') ? { ...answered, body: '' } : answered;
  });
}
