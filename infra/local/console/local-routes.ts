/** The routes under /local: outbox, clock, faults, counts of requests, rest, histories. On this machine only. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AwsEmulator } from '../aws/index.ts';
import type { Clock } from '../clock/clock.ts';
import { sendProblem } from '../gateway/problems.ts';
import { readBody } from '../gateway/request-body.ts';
import type { Owner } from '../gateway/server.ts';
import type { Functions } from '../lambda/functions.ts';
import type { States } from '../step-functions/index.ts';
import { invalid, readClockMove, readFault, readRefusal } from './local-input.ts';
import { outboxPage, pagePolicy } from './outbox-page.ts';
import { comesToRest } from './rest.ts';

export interface LocalRoutesOptions {
  readonly clock: Clock;
  readonly aws: Pick<AwsEmulator, 'outbox' | 'faults' | 'requests'>;
  readonly states: Pick<States, 'history'>;
  readonly functions: Pick<Functions, 'running'>;
}

type Handle = Owner['handle'];
/** By method. `GET` answers `HEAD` too. */
type Handlers = Readonly<Partial<Record<'GET' | 'POST' | 'DELETE', Handle>>>;

const bodyLimitBytes = 4_096;
const longestWaitMilliseconds = 10_000;
const executionPath = '/local/executions/';

export function createLocalRoutes({ clock, aws, states, functions }: LocalRoutesOptions): Owner {
  const routes = new Map<string, Handlers>([
    ['/local/outbox', outboxHandlers(aws)],
    ['/local/clock', clockHandlers(clock)],
    ['/local/faults', faultHandlers(aws)],
    ['/local/refusals', refusalHandlers(aws)],
    ['/local/requests', requestHandlers(aws)],
    ['/local/rest', restHandlers(functions, aws)],
  ]);
  const executions = executionHandlers(states);
  return {
    owns: (path) => path.startsWith('/local/'),
    onlyThisMachine: true,
    handle(request, response, url) {
      const handlers = url.pathname.startsWith(executionPath) ? executions : routes.get(url.pathname);
      return handleBy(handlers, request, response, url);
    },
  };
}

function handleBy(handlers: Handlers | undefined, ...[request, response, url]: Parameters<Handle>) {
  if (handlers === undefined)
    return sendProblem(response, { status: 404, code: 'not-found', detail: 'There is no such route.' });
  const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET');
  const handle = (handlers as Readonly<Record<string, Handle>>)[method];
  if (handle !== undefined) return handle(request, response, url);
  const allow = Object.keys(handlers).join(', ').replace('GET', 'GET, HEAD');
  const detail = `This route answers ${allow}.`;
  return sendProblem(response, { status: 405, code: 'method-not-allowed', detail, headers: { allow } });
}

function outboxHandlers({ outbox }: Pick<AwsEmulator, 'outbox'>): Handlers {
  return {
    GET(request, response, url) {
      // A plus sign that the client did not encode arrives as a space.
      const to = url.searchParams.get('to')?.replace(/^ /, '+');
      const entries = outbox.list(to);
      if (!prefersHtml(request)) return sendJson(response, entries);
      response.writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'content-security-policy': pagePolicy,
      });
      response.end(outboxPage(entries, to));
    },
    DELETE(_, response) {
      outbox.clear();
      sendNothing(response);
    },
  };
}

function clockHandlers(clock: Clock): Handlers {
  const sendClock = (response: ServerResponse): void => {
    const now = clock.now();
    const aheadSeconds = Math.round((now - Date.now()) / 1000);
    sendJson(response, { now: new Date(now).toISOString(), aheadSeconds });
  };
  return {
    GET: (_, response) => sendClock(response),
    async POST(request, response) {
      const move = readClockMove(await readJson(request));
      if (Array.isArray(move)) return sendProblem(response, invalid(move));
      if (move === 'reset') clock.reset();
      else clock.advance(move);
      sendClock(response);
    },
  };
}

function faultHandlers({ faults }: Pick<AwsEmulator, 'faults'>): Handlers {
  return {
    async POST(request, response) {
      const fault = readFault(await readJson(request));
      if (Array.isArray(fault)) return sendProblem(response, invalid(fault));
      faults.set(fault.service, fault.fault, fault.count, fault);
      sendJson(response, fault);
    },
    // Everything works again: no fault and no refusal is left.
    DELETE(_, response) {
      faults.clear();
      sendNothing(response);
    },
  };
}

/** A destination that a carrier refuses for good, as when a person has opted out of its messages. */
function refusalHandlers({ faults }: Pick<AwsEmulator, 'faults'>): Handlers {
  return {
    async POST(request, response) {
      const refusal = readRefusal(await readJson(request));
      if (Array.isArray(refusal)) return sendProblem(response, invalid(refusal));
      faults.reject(refusal);
      sendJson(response, { service: refusal.service, to: refusal.destination });
    },
  };
}

/** Counts requests to each AWS service, by operation: they are the cost of a request to the API. */
function requestHandlers({ requests }: Pick<AwsEmulator, 'requests'>): Handlers {
  return {
    GET: (_, response) => sendJson(response, requests.all()),
    DELETE(_, response) {
      requests.reset();
      sendNothing(response);
    },
  };
}

/** Waits until no delivery, step of a workflow or call is at work; after ten seconds it says that one still is. */
function restHandlers(
  { running }: Pick<Functions, 'running'>,
  { requests }: Pick<AwsEmulator, 'requests'>,
): Handlers {
  return {
    async GET(_, response) {
      const signal = AbortSignal.timeout(longestWaitMilliseconds);
      const isAtRest = await comesToRest(running, () => JSON.stringify(requests.all()), signal);
      sendJson(response, { isAtRest });
    },
  };
}

/** What happened in a workflow, to read or to print: `GET /local/executions/{name}`, a recovery's id. */
function executionHandlers(states: Pick<States, 'history'>): Handlers {
  return {
    GET(_, response, { pathname }) {
      const history = states.history(pathname.slice(executionPath.length));
      if (history !== undefined) return sendJson(response, history);
      const detail = 'There is no execution of that name.';
      sendProblem(response, { status: 404, code: 'not-found', detail });
    },
  };
}

function prefersHtml(request: IncomingMessage): boolean {
  const accepted = request.headers.accept ?? '';
  const html = accepted.indexOf('text/html');
  const json = accepted.indexOf('application/json');
  return html >= 0 && (json < 0 || html < json);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request, bodyLimitBytes);
  if (body === 'too-large') return undefined;
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined; // refused by the reader of the input, like every other value that is no object
  }
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(value));
}

function sendNothing(response: ServerResponse): void {
  response.writeHead(204, { 'cache-control': 'no-store' }).end();
}
