/** The handler of every function behind the API: finds the route, reads the request, answers, and catches faults. */
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { ForgedState } from '../domain/faults.ts';
import { refusedByFront } from '../http/front.ts';
import { type Answer, problem } from '../http/problem.ts';
import { Answered, type ApiEvent, readRequest, type TokenReading } from '../http/request.ts';
import type { RouteHandler } from '../http/route.ts';
import { type ApiFunction, type RouteKeyOf, scopesFor } from '../http/routes.ts';
import { faultOf } from '../log/fault.ts';
import { log } from '../log/log.ts';
import { namingRequests } from '../log/request-ids.ts';
import { connection } from './connection.ts';
import { isWorkflowTask, type WorkflowTask, type WorkflowTasks } from './workflow-task.ts';

// biome-ignore lint/suspicious/noExplicitAny: each route has schemas of its own, checked where it is declared
type Routes<F extends ApiFunction, Ports> = Readonly<Record<RouteKeyOf<F>, RouteHandler<Ports, any>>>;

/**
 * A Lambda handler for HTTP API events (payload 2.0) and for tasks of the recovery workflow.
 *
 * @param name of the function: `routes` must have each route that the table gives to it, and no other
 * @param connect runs at cold start, and again with the next event if it failed: a dependency that was down at cold
 * start must not keep the function down
 * @param tasks what the recovery workflow asks of the same function
 */
export function api<const F extends ApiFunction, Ports extends TokenReading>(
  name: F,
  connect: () => Promise<Ports>,
  routes: Routes<F, Ports>,
  tasks: WorkflowTasks<Ports> = {},
) {
  const portsOf = connection(connect);
  const perform = async (event: WorkflowTask): Promise<object> => {
    const task = Object.hasOwn(tasks, event.task) ? tasks[event.task] : undefined;
    if (task === undefined) throw new Error(`${name} has no task ${event.task}`);
    return task(event, await portsOf());
  };
  const handler = async (event: ApiEvent, _context: Context): Promise<Answer> => {
    const refused = refusedByFront(event);
    if (refused !== undefined) return refused;
    const key = event.routeKey.replace(head, 'GET ');
    const found = Object.hasOwn(routes, key) ? routes[key as RouteKeyOf<F>] : undefined;
    if (found === undefined) return problem('not-found');
    const ports = await portsOf();
    return found.handle(readRequest(event, found.schemas, ports, scopesFor(key)), ports);
  };
  const answer = middy<ApiEvent, Answer>().use(withoutBody()).use(answerFaults()).handler(handler);
  // A task's fault is the workflow's to repeat: it is thrown, and not answered.
  return namingRequests((event: ApiEvent | WorkflowTask, context: Context) =>
    isWorkflowTask(event) ? perform(event) : answer(event, context),
  );
}

const head = /^HEAD /;

/** Whatever was answered: a `HEAD` is a `GET` without the body. */
function withoutBody(): middy.MiddlewareObj<ApiEvent, Answer> {
  const drop: middy.MiddlewareFn<ApiEvent, Answer> = (request) => {
    const { event, response } = request;
    if (response && head.test(event.routeKey)) request.response = { ...response, body: '' };
  };
  return { after: drop, onError: drop };
}

/**
 * Fails closed: whatever is thrown becomes a problem that reveals nothing about its cause. State that nobody of ours
 * wrote counts as not verified, and wakes somebody.
 */
function answerFaults(): middy.MiddlewareObj<ApiEvent, Answer> {
  return {
    onError(request) {
      const { error, event } = request;
      if (error instanceof Answered) {
        request.response = error.answer;
        return;
      }
      if (error instanceof ForgedState) {
        log('forged-state', { route: event.routeKey, state: error.state });
        request.response = problem('challenge-closed');
        return;
      }
      log('request-failed', { route: event.routeKey, fault: faultOf(error) });
      request.response = problem('unavailable', { retryAfterSeconds: 1 });
    },
  };
}
