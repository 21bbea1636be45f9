/** The HTTP API of the template: finds the route, checks the token, invokes the function and passes its answer on. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Functions } from '../lambda/functions.ts';
import type { InvokeResult } from '../lambda/invoke-result.ts';
import type { Template } from '../template/template.ts';
import { type Authorization, createAuthorizer, readAuthorizers } from './authorizer.ts';
import { createEvent, readAnswer } from './http-event.ts';
import { createMatcher, type RouteMatch, readRoutes } from './http-routes.ts';
import { type Problem, sendProblem } from './problems.ts';
import { readBody } from './request-body.ts';

/** API Gateway's quota for a request's body. */
const bodyLimitBytes = 10 * 1024 * 1024;

/** Answers of API Gateway itself. On AWS their body is `{"message": …}` alone. */
const gatewayProblems = {
  badRequest: {
    status: 400,
    code: 'invalid-request',
    detail: 'The path cannot be decoded.',
    message: 'Bad Request',
  },
  unauthenticated: { status: 401, code: 'unauthenticated', message: 'Unauthorized' },
  forbidden: {
    status: 403,
    code: 'forbidden',
    detail: 'The scope of the token does not fit.',
    message: 'Forbidden',
  },
  notFound: { status: 404, code: 'not-found', detail: 'There is no such route.', message: 'Not Found' },
  tooLarge: {
    status: 413,
    code: 'payload-too-large',
    detail: 'The body is too large.',
    message: 'Request Entity Too Large',
  },
  failed: {
    status: 500,
    code: 'unavailable',
    detail: 'The function failed.',
    message: 'Internal Server Error',
  },
  timedOut: {
    status: 503,
    code: 'unavailable',
    detail: 'The function took too long.',
    message: 'Service Unavailable',
  },
} as const satisfies Record<string, Partial<Problem>>;

export type Gateway = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export function createGateway(template: Template, functions: Functions): Gateway {
  const match = createMatcher(readRoutes(template));
  const authorize = createAuthorizer(readAuthorizers(template));

  const check = async (request: IncomingMessage, { route }: RouteMatch) =>
    route.authorization === undefined
      ? undefined
      : authorize(request.headers.authorization, route.authorization);

  return async (request, response) => {
    const found = matchOrBad(match, request);
    if (found === 'bad') return sendProblem(response, gatewayProblems.badRequest);
    if (found === undefined) return sendProblem(response, gatewayProblems.notFound);
    const authorization = await check(request, found);
    if (authorization !== undefined && authorization.kind !== 'granted')
      return sendProblem(response, refusal(authorization));
    const body = await readBody(request, bodyLimitBytes);
    if (body === 'too-large') {
      return sendProblem(response, { ...gatewayProblems.tooLarge, headers: { connection: 'close' } });
    }
    const event = createEvent(request, body, found, authorization);
    const invoked = functions.invoke(found.route.functionId, event);
    answer(response, await withinTime(invoked, found.route.timeoutMilliseconds));
  };
}

function matchOrBad(match: ReturnType<typeof createMatcher>, request: IncomingMessage) {
  try {
    return match(request.method ?? 'GET', (request.url ?? '/').replace(/\?.*$/s, ''));
  } catch (error) {
    if (error instanceof URIError) return 'bad';
    throw error;
  }
}

function refusal(denied: Exclude<Authorization, { kind: 'granted' }>): Problem {
  if (denied.kind === 'forbidden') {
    const challenge = 'Bearer error="insufficient_scope"';
    return { ...gatewayProblems.forbidden, headers: { 'www-authenticate': challenge } };
  }
  return {
    ...gatewayProblems.unauthenticated,
    detail: `Not authenticated: ${denied.reason}.`,
    headers: { 'www-authenticate': 'Bearer' },
  };
}

async function withinTime(invoked: Promise<InvokeResult>, milliseconds: number): Promise<InvokeResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<InvokeResult>((resolve) => {
    timer = setTimeout(() => resolve({ failure: 'timeout', payload: 'null' }), milliseconds);
  });
  try {
    return await Promise.race([invoked, late]);
  } finally {
    clearTimeout(timer);
  }
}

function gatewayProblem({ failure }: InvokeResult): Problem {
  if (failure === 'timeout') return gatewayProblems.timedOut;
  return failure === 'too-large' ? gatewayProblems.tooLarge : gatewayProblems.failed;
}

function answer(response: ServerResponse, result: InvokeResult): void {
  const read = result.failure === undefined ? readAnswer(result.payload) : undefined;
  if (read === undefined) {
    sendProblem(response, gatewayProblem(result));
    return;
  }
  for (const [name, value] of read.headers) response.appendHeader(name, value);
  response.writeHead(read.status, { 'content-length': read.body.length });
  response.end(read.body);
}
