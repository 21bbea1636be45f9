/** What is reachable of a deployment: nothing of the local stack, nothing without a token but four routes, nothing sideways. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { doorRoutes, methodsOf } from '../../shared/http/routes.ts';
import { root } from '../documents/pages.ts';
import {
  directory,
  functionName,
  type Properties,
  resourcesOf,
  target,
  templateOf,
  voice,
  windows,
} from '../infra/template.ts';
import { assembly } from '../synthesized.ts';

const template = templateOf({ voice, windows, directory });
const deployedRoutes = [...resourcesOf(template, 'AWS::ApiGatewayV2::Route').values()];

describe('local-only route deployed', () => {
  test('no route, no bundle and no variable of a function knows of /local', async () => {
    const keys = deployedRoutes.map((route) => route['RouteKey'] as string);
    expect(
      keys.filter(
        (key) => !/^(\$default|\w+ \/(v1|\.well-known|oidc|sign-in|not-me|windows|scim)\/)/.test(key),
      ),
    ).toEqual([]);
    const directory = await assembly();
    const bundles = globSync('asset.*/index.{js,mjs,cjs}', { cwd: directory });
    expect(bundles.length).toBeGreaterThan(5);
    const telling = bundles.filter((path) =>
      /\/local\/(outbox|clock|faults|refusals|requests)|advanceSeconds/.test(
        readFileSync(join(directory, path), 'utf8'),
      ),
    );
    expect(telling).toEqual([]);
    const variables = [...resourcesOf(template, 'AWS::Lambda::Function').values()].flatMap(
      ({ Environment }) => Object.keys(Environment?.Variables ?? {}),
    );
    expect(
      variables.filter((name) => /ENDPOINT|LOCAL(?!E)|CLOCK|DEBUG|SECRET|PASSWORD|ACCESS_KEY/.test(name)),
    ).toEqual([]);
  });

  test('no code of the functions imports the local stack', () => {
    const sources = globSync('{functions,shared}/**/*.ts', { cwd: root });
    expect(sources.length).toBeGreaterThan(50);
    const importing = sources.filter((path) =>
      /from '[^']*infra\//.test(readFileSync(join(root, path), 'utf8')),
    );
    expect(importing).toEqual([]);
  });
});

describe('route without a token', () => {
  test('is the keys of assertions, health, the doors, and the answer to unknown paths', () => {
    const open = deployedRoutes.filter(({ AuthorizationType }) => AuthorizationType !== 'JWT');
    // Each door has keys, cookies or clients of its own, which its function asks for.
    const door = doorRoutes.flatMap(({ method, path }) => methodsOf(method).map((each) => `${each} ${path}`));
    expect(open.map(({ RouteKey }) => RouteKey).toSorted()).toEqual(
      [
        '$default',
        'GET /.well-known/jwks.json',
        'GET /v1/health',
        'HEAD /.well-known/jwks.json',
        'HEAD /v1/health',
        ...door,
      ].toSorted(),
    );
    for (const { AuthorizationType, AuthorizationScopes } of deployedRoutes) {
      if (AuthorizationType === 'JWT') expect(AuthorizationScopes.length).toBeGreaterThan(0);
    }
  });

  test('has no origin that is let in from a browser', () => {
    const [api] = resourcesOf(template, 'AWS::ApiGatewayV2::Api').values();
    expect(api?.['CorsConfiguration']).toBeUndefined();
    expect(api?.['DisableExecuteApiEndpoint']).not.toBe(true); // it is the only way in
    expect(resourcesOf(template, 'AWS::Lambda::Url').size).toBe(0);
  });
});

describe('function invoked from elsewhere', () => {
  test('each may be invoked by this API, or by this Connect instance, and by nobody else', () => {
    const permissions = [...resourcesOf(template, 'AWS::Lambda::Permission').values()];
    expect(permissions.length).toBeGreaterThan(5);
    const services = new Map<string, Set<string>>();
    for (const permission of permissions) {
      const { Principal, SourceArn, Action, FunctionName } = permission;
      expect(Action).toBe('lambda:InvokeFunction');
      expect(SourceArn).toBeDefined();
      const name = functionName(target(FunctionName));
      services.set(Principal, (services.get(Principal) ?? new Set()).add(name));
    }
    const {
      'connect.amazonaws.com': connect,
      'apigateway.amazonaws.com': api,
      ...others
    } = Object.fromEntries(services);
    expect(others).toEqual({});
    expect([...(connect ?? [])]).toEqual(['speak-otp']);
    expect([...(api ?? [])].filter((name) => ['deliver', 'speak-otp'].includes(name))).toEqual([]);
  });

  test('a step of a recovery comes from the workflow’s own role, and three functions start one', () => {
    const statements = [...resourcesOf(template, 'AWS::IAM::Policy').values()].flatMap((policy) =>
      (policy['PolicyDocument'].Statement as Properties[]).map((statement) => ({ policy, statement })),
    );
    const may = (action: string) =>
      statements.filter(({ statement }) => [statement['Action']].flat().includes(action));
    const starting = may('states:StartExecution').map(({ policy }) =>
      functionName(target(policy['Roles'][0])),
    );
    expect(starting.toSorted()).toEqual(['recovery', 'sign-in', 'windows']);
    const invoking = may('lambda:InvokeFunction').map(({ policy }) => target(policy['Roles'][0]));
    const machine = [...resourcesOf(template, 'AWS::StepFunctions::StateMachine').values()][0];
    expect(invoking).toEqual([target(machine?.['RoleArn'])]);
  });
});
