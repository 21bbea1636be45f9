/** What the OpenAPI document says of a route's answers, for holding real ones against it. */
import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { type ResponseName, responseSchemas } from '../../infra/openapi/responses.ts';
import type { Route } from '../../shared/http/routes.ts';
import type { Json } from '../stack.ts';

export const document: Json = JSON.parse(
  readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'),
);

export function follow(node: Json): Json {
  if (node.$ref === undefined) return node;
  const path = node.$ref.slice(2).split('/');
  return path.reduce((parent: Json, name: string) => parent[name], document);
}

/** Problem codes that the document names for a route, by whatever status. */
export function documentedCodes({ method, path }: Pick<Route, 'method' | 'path'>): string[] {
  const { responses } = document.paths[path][method.toLowerCase()];
  return Object.values(responses).flatMap((response) => {
    const schema = follow(response).content?.['application/problem+json']?.schema;
    return schema === undefined ? [] : schema.allOf[1].properties.code.enum;
  });
}

/** With what the schema does not name taken out. @throws when the body breaks the schema */
export function parsed(name: ResponseName, body: unknown): unknown {
  return z.parse(responseSchemas.get(name) as z.ZodMiniType, body);
}
