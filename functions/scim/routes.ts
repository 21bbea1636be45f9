/** Which handler answers each route of the directory's door. */
import { everyAnswer } from '../../shared/http/problem.ts';
import type { doorRoutes } from '../../shared/http/routes.ts';
import { discovered, other } from './discovery.ts';
import { byId } from './find.ts';
import { type Handle, idOf } from './handle.ts';
import { list, searched } from './list.ts';
import { projected } from './projected.ts';
import { readBody } from './read-body.ts';
import { resourceOf } from './resource.ts';
import { scimAnswer } from './scim-error.ts';
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

/** A HEAD is answered as a GET; who sends the answer leaves its body out. */
export function handleFor(routeKey: string): Handle | undefined {
  const key = routeKey.replace(/^HEAD /, 'GET ');
  return Object.hasOwn(routes, key) ? routes[key as ScimRoute] : undefined;
}
