/** scim: takes people from an organisation's directory (RFC 7643, RFC 7644), one connection for each bearer token. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type Answer, everyAnswer } from '../../shared/http/problem.ts';
import type { doorRoutes } from '../../shared/http/routes.ts';
import { door } from '../../shared/lambda/door.ts';
import { log } from '../../shared/log/log.ts';
import { administratorOf } from './access-token.ts';
import { bearerToken, type Connection, connectionOf, connectionOfClient } from './connection.ts';
import { discovered, other } from './discovery.ts';
import { byId } from './find.ts';
import { type Handle, idOf } from './handle.ts';
import { list, searched } from './list.ts';
import { connect, type Ports } from './ports.ts';
import { projected } from './projected.ts';
import { readBody } from './read-body.ts';
import { resourceOf } from './resource.ts';
import { answerOf, errorAnswer, scimAnswer } from './scim-error.ts';
import { change, create, remove, replace } from './users.ts';

type KeyOf<R> = R extends { method: string; path: string; function: 'scim' }
  ? `${R['method']} ${R['path']}`
  : never;
type ScimRoute = KeyOf<(typeof doorRoutes)[number]>;

const routes: Readonly<Record<ScimRoute, Handle>> = {
  'GET /scim/v2/ServiceProviderConfig': discovered('ServiceProviderConfig'),
  'GET /scim/v2/ResourceTypes': discovered('ResourceType'),
  'GET /scim/v2/ResourceTypes/{id}': discovered('ResourceType'),
  'GET /scim/v2/Schemas': discovered('Schema'),
  'GET /scim/v2/Schemas/{id}': discovered('Schema'),
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
    return { statusCode: 204, headers: everyAnswer, body: '' };
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
  const connection = await connectionFor(event, ports);
  if (connection === 'unknown' || connection === 'forbidden') {
    log('directory-refused', { route: event.routeKey });
    return connection === 'unknown'
      ? errorAnswer(401, undefined, 'The bearer token is that of no connection.')
      : errorAnswer(403, undefined, 'The access token lacks mfa/admin, or its client has no connection.');
  }
  const key = event.routeKey.replace(/^HEAD /, 'GET ');
  const handle = Object.hasOwn(routes, key) ? routes[key as ScimRoute] : undefined;
  if (handle === undefined) return errorAnswer(404, undefined, 'There is no such resource.');
  return handle(event, { connection, ports, base: baseOf(event) });
}

/** A connection's own token, or an administrator's access token. */
async function connectionFor(
  { headers, requestContext }: APIGatewayProxyEventV2,
  { connections, tokens }: Ports,
): Promise<Connection | 'unknown' | 'forbidden'> {
  const token = bearerToken(headers['authorization']);
  if (token === undefined) return 'unknown';
  const connection = connectionOf(token, connections);
  if (connection !== undefined) return connection;
  const administrator = await administratorOf(token, requestContext.timeEpoch, tokens);
  if (administrator === undefined) return 'unknown';
  const acting = administrator.isAllowed ? connectionOfClient(administrator.client, connections) : undefined;
  return acting ?? 'forbidden';
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
