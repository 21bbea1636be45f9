/** The routes under /local around the sign-in page: the sample login, Entra ID as it is played, a development key. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EntraTenant } from '../../../shared/environment/sign-in-clients.ts';
import type { Clock } from '../clock/clock.ts';
import type { Owner } from '../gateway/server.ts';
import type { Template } from '../template/template.ts';
import { createDemo } from './demo.ts';
import { developmentJwk } from './development-key.ts';
import { createEntra } from './entra.ts';

type Handle = (request: IncomingMessage, response: ServerResponse, url: URL) => void | Promise<void>;

export function createSignInRoutes(origin: string, template: Template, clock: Clock): Owner {
  const demo = createDemo(origin, clock);
  const tenant = tenantIn(template);
  const entra = tenant && createEntra(origin, tenant, clock);
  const routes = new Map<string, Handle>([
    ['GET /local/demo', (_, response) => demo.page(response)],
    ['POST /local/demo', (request, response) => demo.begin(request, response)],
    ['GET /local/demo/callback', (request, response) => demo.finish(request, response)],
    ['GET /local/web-login-jwt.jwk', (_, response) => sendJson(response, developmentJwk)],
  ]);
  if (entra !== undefined) {
    routes.set('GET /local/entra', (_, response, url) => entra.begin(response, url.searchParams));
    routes.set('POST /local/entra/answer', (request, response) => entra.finish(request, response));
    routes.set(`GET ${entra.keysPath}`, async (_, response) => sendJson(response, await entra.keys()));
  }
  const paths = new Set([...routes.keys()].map((key) => key.split(' ')[1]));
  return {
    owns: (path) => paths.has(path),
    onlyThisMachine: true,
    handle(request, response, url) {
      const handle = routes.get(`${request.method} ${url.pathname}`);
      if (handle !== undefined) return handle(request, response, url);
      response.writeHead(405).end();
    },
  };
}

/** The tenant of the stage, as the function has it. */
export function tenantIn(template: Template): EntraTenant | undefined {
  for (const [id, { Properties }] of template.ofType('AWS::Lambda::Function')) {
    const { Variables = {} } = (Properties['Environment'] ?? {}) as { Variables?: Record<string, unknown> };
    if (Variables['ENTRA_TENANTS'] !== undefined)
      return (JSON.parse(template.text(Variables['ENTRA_TENANTS'], id)) as EntraTenant[])[0];
  }
  return undefined;
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(value));
}
