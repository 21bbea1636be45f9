/** The HTTP API of the template: routes, scopes, throttles, outputs and its access log. */
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { setAsideBy, sumOf } from '../../../infra/configuration/concurrency.ts';
import { isNamedInLog } from '../../../infra/configuration/logged-claim.ts';
import { loadStage } from '../../../infra/configuration/stage.ts';
import { policyVersion } from '../../../shared/domain/policy/policy-version.ts';
import { policyFrom } from '../../../shared/environment/configuration.ts';
import { doorRoutes, methodsOf, type Route, routes } from '../../../shared/http/routes.ts';
import {
  directory,
  functionName,
  ownIssuer,
  resourcesOf,
  target,
  templateOf,
  voice,
  windows,
} from '../template.ts';

const template = templateOf({ windows, directory });
/** What a stage may say otherwise of its throttles and bounds. */
const ownSettings = {
  api: { requestsPerSecond: 500, burst: 1_000 },
  open: { requestsPerSecond: 5, burst: 6, concurrency: 'shared' },
  windows: { ...windows, requestsPerSecond: 7, burst: 9, concurrency: 11 },
  directory: { ...directory, concurrency: 3 },
};
const own = templateOf(ownSettings);
const integrations = resourcesOf(template, 'AWS::ApiGatewayV2::Integration');
const declared: readonly Route[] = [...routes, ...doorRoutes];

const deployed = [...resourcesOf(template, 'AWS::ApiGatewayV2::Route').values()].map((route) => {
  const integration = integrations.get(target(route['Target']['Fn::Join'][1][1]));
  return {
    key: route['RouteKey'] as string,
    function: functionName(target(integration?.['IntegrationUri'])),
    scopes: (route['AuthorizationScopes'] as string[] | undefined) ?? null,
    authorization: route['AuthorizationType'] as string,
  };
});

describe('routes', () => {
  it('are those that the routes table declares, each with its function and its scopes', () => {
    const expected = declared.flatMap(({ method, path, function: name, scopes }) =>
      methodsOf(method).map((each) => ({
        key: `${each} ${path}`,
        function: name,
        scopes: scopes && [...scopes],
        authorization: scopes === null ? 'NONE' : 'JWT',
      })),
    );
    expect(deployed.filter(({ key }) => key !== '$default')).toEqual(expect.arrayContaining(expected));
    expect(deployed.map(({ key }) => key).sort()).toEqual(
      [...expected.map(({ key }) => key), '$default'].sort(),
    );
  });

  it('answer HEAD wherever they answer GET', () => {
    const keys = deployed.map(({ key }) => key);
    const read = keys.filter((key) => key.startsWith('GET '));
    expect(read.length).toBeGreaterThan(5);
    for (const key of read) expect(keys).toContain(key.replace('GET', 'HEAD'));
  });

  it('answer unknown paths with a problem document of our own', () => {
    expect(deployed).toContainEqual({
      key: '$default',
      function: 'policy',
      scopes: null,
      authorization: 'NONE',
    });
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Principal: 'apigateway.amazonaws.com',
      SourceArn: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('^/\\*/\\$default$')])] },
    });
  });

  it('are throttled each by itself, as the stage says, and have no metrics that nobody reads', () => {
    const settingsOf = (from: typeof template) =>
      [...resourcesOf(from, 'AWS::ApiGatewayV2::Stage').values()].map((each) => each['DefaultRouteSettings']);
    expect(settingsOf(template)).toEqual([{ ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 }]);
    expect(settingsOf(own)).toEqual([{ ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1_000 }]);
  });
});

describe('routes without an access token', () => {
  const open = declared
    .filter(({ scopes }) => scopes === null)
    .flatMap(({ method, path }) => methodsOf(method).map((each) => `${each} ${path}`));

  it('have throttles of their own, each, and the stage waits for each of them to exist', () => {
    const [settings] = resourcesOf(template, 'AWS::ApiGatewayV2::Stage').values();
    expect(Object.keys(settings?.['RouteSettings']).sort()).toEqual([...open, '$default'].sort());
    expect(settings?.['RouteSettings']['GET /.well-known/jwks.json']).toEqual({
      ThrottlingRateLimit: 50,
      ThrottlingBurstLimit: 100,
    });
    const [stage = {}] = Object.values(template.findResources('AWS::ApiGatewayV2::Stage'));
    const made = template.findResources('AWS::ApiGatewayV2::Route');
    const dependsOn = stage['DependsOn'] as string[];
    const awaited = dependsOn.map((id) => made[id]?.['Properties'].RouteKey);
    expect(awaited).toEqual(expect.arrayContaining([...open, '$default']));
  });

  it('are served by functions that take no more of the account than their share', () => {
    const bounds = functionsOf(template);
    for (const name of ['sign-in', 'oidc', 'policy']) expect(bounds.get(name)).toBe(20);
    for (const name of ['sign-in', 'oidc', 'policy']) expect(functionsOf(own).get(name)).toBeUndefined();
    const [settings] = resourcesOf(own, 'AWS::ApiGatewayV2::Stage').values();
    expect(settings?.['RouteSettings']['$default']).toEqual({
      ThrottlingRateLimit: 5,
      ThrottlingBurstLimit: 6,
    });
  });
});

describe('the door of logon screens', () => {
  const paths = doorRoutes.filter(({ function: name }) => name === 'windows').map(({ path }) => path);

  it('is not there without groups of PCs', () => {
    const closed = templateOf();
    const keys = [...resourcesOf(closed, 'AWS::ApiGatewayV2::Route').values()].map(
      ({ RouteKey }) => RouteKey,
    );
    expect(keys.length).toBeGreaterThan(20);
    expect(keys.filter((key) => paths.some((path) => key.endsWith(path)))).toEqual([]);
    expect(functionsOf(closed).has('windows')).toBe(false);
  });

  it('has a throttle and a concurrency of its own, so that a flood of it leaves the other routes open', () => {
    const [stage] = resourcesOf(template, 'AWS::ApiGatewayV2::Stage').values();
    const throttle = { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 };
    const settings = Object.entries(stage?.['RouteSettings']).filter(([key]) => key.includes('/windows/'));
    expect(Object.fromEntries(settings)).toEqual(
      Object.fromEntries(
        ['POST check', 'GET polltransaction', 'HEAD polltransaction'].map((each) => {
          const [method, name] = each.split(' ');
          return [`${method} ${paths.find((path) => path.endsWith(`/${name}`))}`, throttle];
        }),
      ),
    );
    const reserved = [...functionsOf(template)].filter(([, bound]) => bound !== undefined);
    expect(new Map(reserved).get('windows')).toBe(20);
  });

  it('has those that the stage says', () => {
    const [stage] = resourcesOf(own, 'AWS::ApiGatewayV2::Stage').values();
    const entries = Object.entries(stage?.['RouteSettings']);
    const [, settings] = entries.find(([key]) => key.includes('/windows/')) ?? [];
    expect(settings).toEqual({ ThrottlingRateLimit: 7, ThrottlingBurstLimit: 9 });
    expect(functionsOf(own).get('windows')).toBe(11);
  });
});

describe('what the stage sets aside of the account', () => {
  const calls = { voice, windows, delivery: { reserved: true } };
  it.each([{}, { windows, directory }, calls, ownSettings])(
    'is what doctor and synthesis say of it: %j',
    (overrides) => {
      const bounds = [...functionsOf(templateOf(overrides)).values()];
      const made = bounds.reduce<number>((sum, bound) => sum + (bound ?? 0), 0);
      expect(sumOf(setAsideBy(loadStage('production', { overrides })))).toBe(made);
    },
  );
});

/** How many of each function may run at once. */
function functionsOf(from: typeof template): Map<string, number | undefined> {
  return new Map(
    [...resourcesOf(from, 'AWS::Lambda::Function')].map(([id, { ReservedConcurrentExecutions: bound }]) => [
      functionName(id),
      bound,
    ]),
  );
}

it('is called as its stack, beside those of other stages', () => {
  const [api] = resourcesOf(template, 'AWS::ApiGatewayV2::Api').values();
  expect(api?.['Name']).toBe('MfaFallback-production');
});

describe('the access log', () => {
  const formatOf = (from: typeof template): Record<string, string> => {
    const [stage] = resourcesOf(from, 'AWS::ApiGatewayV2::Stage').values();
    return JSON.parse(stage?.['AccessLogSettings'].Format);
  };

  it('holds the route and never the path, the query, an address, a header or a body', () => {
    expect(Object.values(formatOf(template)).sort()).toEqual([
      '$context.authorizer.claims.client_id',
      '$context.authorizer.error',
      '$context.integrationLatency',
      '$context.requestId',
      '$context.requestTimeEpoch',
      '$context.responseLatency',
      '$context.routeKey',
      '$context.status',
    ]);
  });

  it('names the client by the claim that the issuer has it in', () => {
    const format = formatOf(templateOf({ tokens: ownIssuer }));
    expect(format['client']).toBe('$context.authorizer.claims.azp');
  });

  it('leaves the client out where no variable can name its claim', () => {
    const claims = ['https://acme.test/client', 'acme:client', 'acme.client'];
    expect(claims.filter(isNamedInLog)).toEqual([]);
    const format = formatOf(templateOf({ tokens: { ...ownIssuer, clientIdClaim: claims[0] } }));
    expect(Object.keys(format)).toContain('route');
    expect(format).not.toHaveProperty('client');
  });

  it('and the log of the workflow have the prefix of logs that are delivered, and a name that no later stack has', () => {
    const names = [...resourcesOf(template, 'AWS::Logs::LogGroup').values()].flatMap(
      ({ LogGroupName }) => LogGroupName ?? [],
    );
    const uuid = { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] };
    const unique = { 'Fn::Select': [4, { 'Fn::Split': ['-', uuid] }] };
    expect(names).toEqual(
      ['recovery', 'access'].map((log) => ({
        'Fn::Join': ['', [`/aws/vendedlogs/MfaFallback-production/${log}-`, unique]],
      })),
    );
  });
});

describe('access tokens', () => {
  it('of the own issuer need no user pool', () => {
    const own = templateOf({ tokens: ownIssuer });
    own.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      JwtConfiguration: { Issuer: 'https://issuer.example.com', Audience: ['api://mfa'] },
    });
    // Whose scopes may stand in `roles`, where the gateway does not look; the functions do.
    for (const route of resourcesOf(own, 'AWS::ApiGatewayV2::Route').values())
      expect(route).not.toHaveProperty('AuthorizationScopes');
    expect(JSON.stringify(own.toJSON())).not.toMatch(/cognito/i);
    const outputs = Object.keys(own.findOutputs('*'));
    expect(outputs.filter((name) => /^(TokenEndpoint|ClientId)/.test(name))).toEqual([]);
  });

  it('of Cognito are for one client and one scope each, by client credentials alone', () => {
    const clients = [...resourcesOf(template, 'AWS::Cognito::UserPoolClient').values()];
    const granted = clients.map(({ ClientName, AllowedOAuthScopes, AllowedOAuthFlows }) => [
      ClientName,
      AllowedOAuthScopes.map((scope: { 'Fn::Join': [string, string[]] }) => scope['Fn::Join'][1].at(-1)),
      AllowedOAuthFlows,
    ]);
    expect(granted).toEqual([
      ['credential-provider', ['/signin'], ['client_credentials']],
      ['web-login', ['/signin'], ['client_credentials']],
      ['helpdesk', ['/helpdesk'], ['client_credentials']],
      ['admin', ['/admin'], ['client_credentials']],
    ]);
    template.hasResourceProperties('AWS::Cognito::UserPoolResourceServer', { Identifier: 'mfa' });
  });

  it.each([
    ['eu-central-1', '.auth.eu-central-1.amazoncognito.com/oauth2/token', {}],
    ['us-gov-west-1', '.auth-fips.us-gov-west-1.amazoncognito.com/oauth2/token', { region: 'us-gov-west-1' }],
  ])('of Cognito come from the endpoint that %s has', (_, end, overrides) => {
    const { Value } = templateOf(overrides).findOutputs('TokenEndpoint')['TokenEndpoint'] ?? {};
    expect(Value['Fn::Join'][1].at(-1)).toBe(end);
  });

  it('of Cognito are accepted for the clients that the pool was made with', () => {
    const clients = resourcesOf(template, 'AWS::Cognito::UserPoolClient');
    const [authorizer] = resourcesOf(template, 'AWS::ApiGatewayV2::Authorizer').values();
    expect(authorizer?.['JwtConfiguration'].Audience.map(target)).toEqual([...clients.keys()]);
  });
});

describe('outputs', () => {
  it('are what an integrator needs, under names that stay', () => {
    expect(Object.keys(template.findOutputs('*')).sort()).toEqual(
      [
        ...['ApiUrl', 'JwksUrl', 'TokenIssuer', 'TokenEndpoint', 'Stage', 'Region', 'TableName'],
        'PolicyVersion',
        ...['ClientIdCredentialProvider', 'ClientIdWebLogin', 'ClientIdHelpdesk', 'ClientIdAdmin'],
        ...['QueueNameSms', 'QueueNameEmail', 'QueueNameNotice', 'QueueNameOutcome'],
        ...['AlarmTopicArn', 'DashboardName', 'DeadLetterQueueNameOutcome'],
        ...['DeadLetterQueueNameSms', 'DeadLetterQueueNameEmail', 'DeadLetterQueueNameNotice'],
      ].sort(),
    );
  });

  it('name the policy as the functions do, which work it out for themselves', () => {
    const [{ Environment }] = [...resourcesOf(template, 'AWS::Lambda::Function').values()].filter(
      (each) => each['Environment']?.Variables.FALLBACK_POLICY,
    ) as [{ Environment: { Variables: { FALLBACK_POLICY: string } } }];
    const decidedBy = policyFrom(Environment.Variables);
    expect(template.findOutputs('PolicyVersion')['PolicyVersion']?.['Value']).toBe(policyVersion(decidedBy));
  });

  it('tell no secret', () => {
    expect(JSON.stringify(template.findOutputs('*'))).not.toMatch(/secret/i);
  });
});

describe('the door of directories', () => {
  const keys = doorRoutes
    .filter(({ function: name }) => name === 'scim')
    .flatMap(({ method, path }) =>
      method === 'GET' ? [`GET ${path}`, `HEAD ${path}`] : [`${method} ${path}`],
    );

  it('is not there without a connection', () => {
    const closed = templateOf();
    const routes = [...resourcesOf(closed, 'AWS::ApiGatewayV2::Route').values()];
    expect(routes.filter(({ RouteKey }) => keys.includes(RouteKey))).toEqual([]);
    expect(functionsOf(closed).has('scim')).toBe(false);
  });

  it('has a throttle and a concurrency of its own, so that a first sync leaves the other routes open', () => {
    const [stage] = resourcesOf(template, 'AWS::ApiGatewayV2::Stage').values();
    const settings = Object.entries(stage?.['RouteSettings']).filter(([key]) => key.includes('/scim/'));
    const throttle = { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 };
    expect(Object.fromEntries(settings)).toEqual(Object.fromEntries(keys.map((key) => [key, throttle])));
    expect(functionsOf(template).get('scim')).toBe(10);
    expect(functionsOf(own).get('scim')).toBe(3);
  });
});
