/** The throttle of each route: those that ask for no access token have bounds of their own, so that a flood stays there. */
import { type CfnRoute, type CfnStage, HttpRoute, type HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import type { FunctionName } from '../../shared/environment/variables.ts';
import { doorRoutes, methodsOf, type Route, routes, unknownRoute } from '../../shared/http/routes.ts';
import type { Stage } from '../configuration/stage.ts';

interface Throttle {
  readonly requestsPerSecond: number;
  readonly burst: number;
}

/** Where the stage says nothing. Of each route, over all callers. */
const usual = {
  api: { requestsPerSecond: 100, burst: 200 },
  /** People at the sign-in page, who have a token of nobody's, and readers of keys, who remember them. */
  open: { requestsPerSecond: 50, burst: 100 },
  /** A site of some thousand PCs in the morning. */
  windows: { requestsPerSecond: 20, burst: 40 },
  /** Entra ID asks for 25 requests a second of a tenant. */
  directory: { requestsPerSecond: 50, burst: 100 },
} as const satisfies Record<string, Throttle>;

type Given = { readonly [K in keyof Throttle]?: Throttle[K] | undefined } | undefined;

/** What holds for a route that names no other. */
export function throttleOf(which: keyof typeof usual, given: Given): Throttle {
  return {
    requestsPerSecond: given?.requestsPerSecond ?? usual[which].requestsPerSecond,
    burst: given?.burst ?? usual[which].burst,
  };
}

const doorOf: Readonly<Partial<Record<FunctionName, 'windows' | 'directory'>>> = {
  windows: 'windows',
  scim: 'directory',
};

/** Once all routes are there: settings of a route that is not cannot be deployed. */
export function throttleOpenRoutes(
  httpStage: HttpStage,
  stage: Pick<Stage, 'open' | 'windows' | 'directory'>,
): void {
  const settings = httpStage.node.defaultChild as CfnStage;
  const made = new Map(
    httpStage.node.root.node
      .findAll()
      .filter((each) => each instanceof HttpRoute && each.httpApi === httpStage.api)
      .map((each) => each.node.defaultChild as CfnRoute)
      .map((route) => [route.routeKey, route]),
  );
  const all: readonly Route[] = [...routes, ...doorRoutes];
  const open = all
    .filter(({ scopes }) => scopes === null)
    .flatMap(({ method, path, function: name }) =>
      methodsOf(method).map((each) => [`${each} ${path}`, doorOf[name] ?? 'open'] as const),
    );
  for (const [key, which] of [...open, [unknownRoute.path, 'open'] as const]) {
    const route = made.get(key);
    if (route === undefined) continue; // a door that the stage does not open
    const { requestsPerSecond, burst } = throttleOf(which, stage[which]);
    settings.addPropertyOverride(`RouteSettings.${key.replaceAll('.', '\\.')}`, {
      ThrottlingRateLimit: requestsPerSecond,
      ThrottlingBurstLimit: burst,
    });
    // API Gateway refuses settings of a route that is not there yet.
    settings.addResourceDependency(route);
  }
}
