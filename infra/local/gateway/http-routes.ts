/** Reads the HTTP API's routes from the template and finds the one that a request matches. */
import { UnsupportedTemplateError } from '../template/intrinsics.ts';
import type { Template } from '../template/template.ts';

export interface HttpRoute {
  /** `METHOD /path/{parameter}` or `$default`. */
  readonly routeKey: string;
  /** Logical id of the function behind it. */
  readonly functionId: string;
  /** Absent: no token needed. An empty list: any valid token. */
  readonly authorization?: { readonly authorizerId: string; readonly scopes: readonly string[] };
  readonly timeoutMilliseconds: number;
}

export interface RouteMatch {
  readonly route: HttpRoute;
  /** Decoded values by parameter name. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** API Gateway's limit, and its default, for how long an integration may take. */
const longestIntegrationMilliseconds = 30_000;

export function readRoutes(template: Template): HttpRoute[] {
  return template.ofType('AWS::ApiGatewayV2::Route').map(([id, { Properties }]) => {
    const routeKey = String(Properties['RouteKey']);
    const integrationId = template.idOf(
      template.text(Properties['Target'], id).replace('integrations/', ''),
      id,
    );
    const integration = template
      .ofType('AWS::ApiGatewayV2::Integration')
      .find(([candidate]) => candidate === integrationId)?.[1].Properties;
    if (integration?.['IntegrationType'] !== 'AWS_PROXY' || integration['PayloadFormatVersion'] !== '2.0') {
      throw new UnsupportedTemplateError(`${id} (${routeKey}): only AWS_PROXY with payload 2.0 is served`);
    }
    const functionId = template.idOf(
      template.text(integration['IntegrationUri'], integrationId),
      integrationId,
    );
    const timeout = Number(integration['TimeoutInMillis'] ?? longestIntegrationMilliseconds);
    const route = { routeKey, functionId, timeoutMilliseconds: timeout };
    const type = Properties['AuthorizationType'] ?? 'NONE';
    if (type === 'NONE') return route;
    if (type !== 'JWT')
      throw new UnsupportedTemplateError(`${id} (${routeKey}): ${type} authorization is not served`);
    const authorizerId = template.idOf(template.text(Properties['AuthorizerId'], id), id);
    const scopes = template.resolve(Properties['AuthorizationScopes'] ?? [], id) as string[];
    return { ...route, authorization: { authorizerId, scopes } };
  });
}

interface Pattern {
  readonly route: HttpRoute;
  readonly method: string;
  readonly segments: readonly string[];
}

/** @returns a function that finds the most specific route, or `$default`, or nothing.
 * It throws URIError for a path with a broken percent escape. */
export function createMatcher(routes: readonly HttpRoute[]) {
  const fallback = routes.find(({ routeKey }) => routeKey === '$default');
  const patterns = routes
    .filter((route) => route !== fallback)
    .map((route): Pattern => {
      const [method = '', path = ''] = route.routeKey.split(' ');
      if (path.includes('+}'))
        throw new UnsupportedTemplateError(`${route.routeKey}: greedy paths are not served`);
      return { route, method, segments: path.split('/') };
    })
    .sort((one, other) => parameters(one.segments) - parameters(other.segments));

  return (method: string, path: string): RouteMatch | undefined => {
    const segments = path.split('/').map(decodeURIComponent);
    const found =
      patterns.find((pattern) => pattern.method === method && fits(pattern.segments, segments)) ??
      patterns.find((pattern) => pattern.method === 'ANY' && fits(pattern.segments, segments));
    if (found !== undefined) return { route: found.route, pathParameters: bind(found.segments, segments) };
    return fallback === undefined ? undefined : { route: fallback, pathParameters: {} };
  };
}

const isParameter = (segment: string): boolean => segment.startsWith('{');
const parameters = (segments: readonly string[]): number => segments.filter(isParameter).length;

function fits(pattern: readonly string[], actual: readonly string[]): boolean {
  if (pattern.length !== actual.length) return false;
  return pattern.every((segment, at) => (isParameter(segment) ? actual[at] !== '' : segment === actual[at]));
}

function bind(pattern: readonly string[], actual: readonly string[]): Record<string, string> {
  const bound = pattern.flatMap((segment, at) =>
    isParameter(segment) ? [[segment.slice(1, -1), actual[at] ?? ''] as const] : [],
  );
  return Object.fromEntries(bound);
}
