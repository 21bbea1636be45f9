/** scim: takes people from an organisation's directory (RFC 7643, RFC 7644), one connection for each bearer token. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Answer } from '../../shared/http/problem.ts';
import type { doorRoutes } from '../../shared/http/routes.ts';
import { door } from '../../shared/lambda/door.ts';
import { log } from '../../shared/log/log.ts';
import { connectionOf } from './connection.ts';
import { byFilter, byId } from './find.ts';
import { connect, type Ports } from './ports.ts';
import { projected } from './projected.ts';
import { readBody } from './read-body.ts';
import { resourceOf } from './resource.ts';
import { answerOf, errorAnswer, scimAnswer } from './scim-error.ts';
import { mostInPage, type ToldKind, tell } from './told.ts';
import { type Asking, change, create, remove, replace } from './users.ts';

const usualInPage = 100;

type Handle = (event: APIGatewayProxyEventV2, asking: Asking) => Promise<Answer>;

type KeyOf<R> = R extends { method: string; path: string; function: 'scim' }
  ? `${R['method']} ${R['path']}`
  : never;
type ScimRoute = KeyOf<(typeof doorRoutes)[number]>;

const idOf = ({ pathParameters }: APIGatewayProxyEventV2): string => pathParameters?.['id'] ?? '';

const list: Handle = ({ queryStringParameters: query = {} }, asking) => page(query, asking);

/** `POST /.search`: what is asked for stands in the body (RFC 7644 §3.4.3). */
const searched: Handle = (event, asking) => {
  const asked = Object.entries(readBody(event)).map(([name, value]) => [name, String(value)]);
  return page(Object.fromEntries(asked), asking);
};

async function page(
  query: Readonly<Record<string, string | undefined>>,
  { connection, ports, base }: Asking,
): Promise<Answer> {
  const found = await byFilter(query['filter'], connection, ports);
  const startIndex = Math.max(1, Number.parseInt(query['startIndex'] ?? '1', 10) || 1);
  const asked = Number.parseInt(query['count'] ?? '', 10);
  const count = Math.min(mostInPage, Number.isNaN(asked) ? usualInPage : Math.max(0, asked));
  const shown = found.slice(startIndex - 1, startIndex - 1 + count);
  return scimAnswer(200, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: found.length,
    startIndex,
    itemsPerPage: shown.length,
    Resources: shown.map((one) => projected(resourceOf(one, base), query)),
  });
}

const told =
  (kind: ToldKind): Handle =>
  async (event, { base }) =>
    scimAnswer(200, await tell(kind, event.pathParameters?.['id'] && decodeURIComponent(idOf(event)), base));

const endpoints = ['ServiceProviderConfig', 'ResourceTypes', 'Schemas', 'Users'];

/** A method that an endpoint does not have, or no endpoint at all: groups are not taken. */
const other: Handle = async ({ pathParameters }) =>
  endpoints.includes(pathParameters?.['endpoint'] ?? '')
    ? errorAnswer(405, undefined, 'This endpoint has no such method.')
    : errorAnswer(404, undefined, 'There is no such endpoint.');

const routes: Readonly<Record<ScimRoute, Handle>> = {
  'GET /scim/v2/ServiceProviderConfig': told('ServiceProviderConfig'),
  'GET /scim/v2/ResourceTypes': told('ResourceType'),
  'GET /scim/v2/ResourceTypes/{id}': told('ResourceType'),
  'GET /scim/v2/Schemas': told('Schema'),
  'GET /scim/v2/Schemas/{id}': told('Schema'),
  'GET /scim/v2/{endpoint}': other,
  'POST /scim/v2/{endpoint}': (event, asking) =>
    event.pathParameters?.['endpoint'] === '.search' ? searched(event, asking) : other(event, asking),
  'PUT /scim/v2/{endpoint}': other,
  'PATCH /scim/v2/{endpoint}': other,
  'DELETE /scim/v2/{endpoint}': other,
  'GET /scim/v2/Users': list,
  'POST /scim/v2/Users': async (event, asking) => {
    const resource = await create(readBody(event), asking);
    return scimAnswer(201, resource, { location: `${asking.base}/Users/${resource.id}` });
  },
  'GET /scim/v2/Users/{id}': async (event, { connection, ports, base }) =>
    scimAnswer(
      200,
      projected(resourceOf(await byId(idOf(event), connection, ports), base), event.queryStringParameters),
    ),
  'PUT /scim/v2/Users/{id}': async (event, asking) =>
    scimAnswer(200, await replace(idOf(event), readBody(event), asking)),
  'PATCH /scim/v2/Users/{id}': async (event, asking) =>
    scimAnswer(200, await change(idOf(event), readBody(event), asking)),
  'DELETE /scim/v2/Users/{id}': async (event, asking) => {
    await remove(idOf(event), asking);
    return { statusCode: 204, headers: { 'cache-control': 'no-store' }, body: '' };
  },
};

async function answer(event: APIGatewayProxyEventV2, portsOf: () => Promise<Ports>): Promise<Answer> {
  const answered = await answerWithBody(event, await portsOf()).catch((error: unknown) => {
    const refused = answerOf(error);
    if (refused === undefined) throw error;
    return refused;
  });
  return event.routeKey.startsWith('HEAD ') ? { ...answered, body: '' } : answered;
}

async function answerWithBody(event: APIGatewayProxyEventV2, ports: Ports): Promise<Answer> {
  const connection = connectionOf(event.headers['authorization'], ports.connections);
  if (connection === undefined) {
    log('directory-refused', { route: event.routeKey });
    return errorAnswer(401, undefined, 'The bearer token is that of no connection.');
  }
  const key = event.routeKey.replace(/^HEAD /, 'GET ');
  const handle = Object.hasOwn(routes, key) ? routes[key as ScimRoute] : undefined;
  if (handle === undefined) return errorAnswer(404, undefined, 'There is no such resource.');
  return handle(event, { connection, ports, base: baseOf(event) });
}

/** As the directory reached it: `npm start` has no https. */
function baseOf({ headers, requestContext }: APIGatewayProxyEventV2): string {
  const host = headers['host'] ?? requestContext.domainName;
  const isLocal = /^(?:127\.0\.0\.1|localhost)(?::|$)/.test(host);
  return `${isLocal ? 'http' : 'https'}://${host}/scim/v2`;
}

export const handler = door({
  connect,
  answer,
  failed: () => errorAnswer(503, undefined, 'A dependency failed. Nothing was accepted; send it again.'),
});
