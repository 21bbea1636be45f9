/** What a route consists of: the schemas of its request, and the function that handles it. */
import type { Answer } from './problem.ts';
import type { ApiRequest, RouteSchemas } from './request.ts';

export interface RouteHandler<Ports, Schemas extends RouteSchemas = RouteSchemas> {
  readonly schemas: Schemas;
  handle(request: ApiRequest<Schemas>, ports: Ports): Promise<Answer>;
}

export function route<Ports, const Schemas extends RouteSchemas>(
  schemas: Schemas,
  handle: (request: ApiRequest<Schemas>, ports: Ports) => Promise<Answer>,
): RouteHandler<Ports, Schemas> {
  return { schemas, handle };
}
