/** The routes under /local: outbox, clock, faults, counts of requests and invocations, histories. They exist on this machine only. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Wire } from '../aws/index.ts';
import type { Clock } from '../clock/clock.ts';
import { sendProblem } from '../gateway/problems.ts';
import { readBody } from '../gateway/request-body.ts';
import type { Functions } from '../lambda/functions.ts';
import type { States } from '../step-functions/index.ts';
import { invalid, readAdvance, readFault, readRefusal } from './local-input.ts';
import { outboxPage, pagePolicy } from './outbox-page.ts';

export interface LocalRoutesOptions {
  readonly clock: Clock;
  readonly wire: Pick<Wire, 'outbox' | 'faults' | 'requests'>;
  readonly states: Pick<States, 'history'>;
  readonly functions: Pick<Functions, 'running'>;
}

type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => void | Promise<void>;

const bodyLimitBytes = 4_096;
const executionPath = '/local/executions/';

export function createLocalRoutes({ clock, wire, states, functions }: LocalRoutesOptions) {
  const { outbox, faults, requests } = wire;
  const sendClock: Handler = (_, response) => {
    const now = clock.now();
    const aheadSeconds = Math.round((now - Date.now()) / 1000);
    sendJson(response, { now: new Date(now).toISOString(), aheadSeconds });
  };

  const handlers: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
    '/local/outbox': {
      GET(request, response, url) {
        // A plus sign that was not encoded comes as a space.
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
        response.writeHead(204, { 'cache-control': 'no-store' }).end();
      },
    },
    '/local/clock': {
      GET: sendClock,
      async POST(request, response, url) {
        const advance = readAdvance(await readJson(request));
        if (typeof advance !== 'number') return sendProblem(response, invalid(advance));
        clock.advance(advance);
        return sendClock(request, response, url);
      },
    },
    '/local/faults': {
      async POST(request, response) {
        const fault = readFault(await readJson(request));
        if (Array.isArray(fault)) return sendProblem(response, invalid(fault));
        faults.set(fault.service, fault.fault, fault.count, fault);
        sendJson(response, fault);
      },
      // Everything works again: no fault and no refusal is left.
      DELETE(_, response) {
        faults.clear();
        response.writeHead(204, { 'cache-control': 'no-store' }).end();
      },
    },
    // A destination that a carrier refuses for good, as when a person has opted out of its messages.
    '/local/refusals': {
      async POST(request, response) {
        const refusal = readRefusal(await readJson(request));
        if (Array.isArray(refusal)) return sendProblem(response, invalid(refusal));
        faults.reject(refusal);
        sendJson(response, { service: refusal.service, to: refusal.destination });
      },
    },
    // How many requests each AWS service got, by operation: what a request costs, seen from outside.
    '/local/requests': {
      GET: (_, response) => sendJson(response, requests.all()),
      DELETE(_, response) {
        requests.reset();
        response.writeHead(204, { 'cache-control': 'no-store' }).end();
      },
    },
    // Whether a function is at work: a delivery, a step of a workflow, a call that is being played.
    '/local/invocations': {
      GET: (_, response) => sendJson(response, { running: functions.running() }),
    },
  };

  /** What happened in a workflow, to read or to print: `GET /local/executions/{name}`, a recovery's id. */
  const execution: Readonly<Record<string, Handler>> = {
    GET(_, response, { pathname }) {
      const history = states.history(pathname.slice(executionPath.length));
      if (history !== undefined) return sendJson(response, history);
      const detail = 'There is no execution of that name.';
      sendProblem(response, { status: 404, code: 'not-found', detail });
    },
  };

  return async (request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> => {
    if (!comesFromThisMachine(request)) {
      const detail =
        'Only requests addressed to 127.0.0.1 or localhost, and from no other web site, are answered here.';
      return sendProblem(response, { status: 403, code: 'forbidden', detail });
    }
    const methods = url.pathname.startsWith(executionPath) ? execution : handlers[url.pathname];
    if (methods === undefined) {
      return sendProblem(response, { status: 404, code: 'not-found', detail: 'There is no such route.' });
    }
    const handler = methods[request.method ?? 'GET'];
    if (handler !== undefined) return handler(request, response, url);
    const allow = Object.keys(methods).join(', ');
    const detail = `This route answers ${allow}.`;
    sendProblem(response, { status: 405, code: 'method-not-allowed', detail, headers: { allow } });
  };
}

/** Keeps web pages out, also those that point their own host name at this machine (DNS rebinding). */
function comesFromThisMachine({ headers }: IncomingMessage): boolean {
  return [`http://${headers.host ?? ''}`, headers.origin].every((address) => {
    if (address === undefined) return true;
    const host = URL.parse(address)?.hostname;
    return host === '127.0.0.1' || host === 'localhost';
  });
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
