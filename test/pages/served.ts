/** Serves every state of the pages under its name, as the door would, and keeps what browsers post. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Language } from '../../shared/domain/text/language.ts';
import { frame, now, renderState, session, stateNames } from './states.ts';

interface Posted {
  readonly path: string;
  readonly origin: string | undefined;
  readonly referer: string | undefined;
  readonly fields: Readonly<Record<string, string>>;
}

export interface ServedPages {
  readonly origin: string;
  /** What was posted to any path, in order. */
  readonly posted: readonly Posted[];
  /** The state that the session is in: what its own path shows. */
  state: string;
  /** While it is set, answers to forms wait for it. */
  hold: Promise<void> | undefined;
  urlOf(state: string, language?: Language): string;
  close(): Promise<void>;
}

/** @param away the origin that the ways back lead to */
export async function servePages(away: string): Promise<ServedPages> {
  const posted: Posted[] = [];
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const served: ServedPages = {
    origin,
    posted,
    state: 'code',
    hold: undefined,
    urlOf: (state, language = 'en') => `${origin}/${state}?language=${language}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', origin);
    if (request.method === 'POST') {
      posted.push(await postedBy(request, pathname));
      await served.hold;
    }
    const name = pathname === `/sign-in/${session.handle}` ? served.state : pathname.slice(1);
    const state = stateNames.includes(name) ? name : 'error-not-found';
    const language = (searchParams.get('language') ?? 'en') as Language;
    const page = renderState(state, { ...frame, now, language }, away);
    response.writeHead(page.statusCode, page.headers).end(page.body);
  }

  return served;
}

/** Another origin: keeps what is posted to it, and says what it was asked for. `/callback` redirects on. */
export async function serveClient(): Promise<{
  readonly origin: string;
  readonly asked: readonly Posted[];
  close(): Promise<void>;
}> {
  const asked: Posted[] = [];
  const server = createServer(async (request, response) => {
    const { pathname, port } = new URL(request.url ?? '/', `http://${request.headers.host}`);
    asked.push(await postedBy(request, pathname));
    if (pathname === '/callback') {
      response.writeHead(302, { location: `http://localhost:${port}/third` }).end();
    } else response.writeHead(200, { 'content-type': 'text/html' }).end(`<title>${pathname}</title>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function postedBy(request: IncomingMessage, path: string): Promise<Posted> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { origin, referer } = request.headers;
  const fields = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
  return { path, origin, referer, fields };
}
