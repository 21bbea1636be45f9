/** The HTTP API: every route of the contract with its scopes, throttles, and access logs that hold no path. */
import { Stack } from 'aws-cdk-lib';
import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { FunctionName } from '../../shared/environment/variables.ts';
import { doorRoutes, methodsOf, type Route, routes, unknownRoute } from '../../shared/http/routes.ts';
import { isNamedInLog } from '../configuration/logged-claim.ts';
import type { Stage } from '../configuration/stage.ts';
import { domainOf } from './domain.ts';
import { vendedLogGroupName } from './names.ts';
import { output } from './outputs.ts';
import { outlivesStack } from './removal.ts';
import { throttleOf, throttleOpenRoutes } from './throttles.ts';
import type { Tokens } from './tokens.ts';

/** What a request leaves in the access log: no body, no path (it holds user ids), no header, no address. */
const accessLogFormat = (clientIdClaim: string) =>
  AccessLogFormat.custom(
    JSON.stringify({
      requestId: AccessLogField.contextRequestId(),
      time: AccessLogField.contextRequestTimeEpoch(),
      route: '$context.routeKey',
      status: AccessLogField.contextStatus(),
      latencyMilliseconds: AccessLogField.contextResponseLatency(),
      integrationMilliseconds: AccessLogField.contextIntegrationLatency(),
      ...(isNamedInLog(clientIdClaim) ? { client: `$context.authorizer.claims.${clientIdClaim}` } : {}),
      authorizerError: AccessLogField.contextAuthorizerError(),
    }),
  );

export interface ApiProps {
  readonly api: apigateway.HttpApi;
  /** What clients call, and a domain that somebody brought for it. */
  readonly origin: string;
  readonly domain?: apigateway.IDomainName | undefined;
  readonly tokens: Tokens;
  readonly functions: Readonly<Partial<Record<FunctionName, lambda.IFunction>>>;
  readonly logKey: kms.IKey;
  readonly stage: Pick<Stage, 'api' | 'domain' | 'open' | 'windows' | 'directory'>;
}

export class Api extends Construct {
  readonly accessLog: logs.LogGroup;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    const { api, origin, functions } = props;
    this.addRoutes(props);
    this.permitUnknown(api, functions[unknownRoute.function]);
    this.accessLog = new logs.LogGroup(this, 'AccessLog', {
      logGroupName: vendedLogGroupName(this, 'access'),
      retention: logs.RetentionDays.THREE_MONTHS,
      removalPolicy: outlivesStack,
      encryptionKey: props.logKey,
    });
    this.addStage(props);
    output(this, 'ApiUrl', { value: origin, description: 'Base URL of the API' });
    output(this, 'JwksUrl', {
      value: `${origin}/.well-known/jwks.json`,
      description: 'Public keys of the assertions',
    });
  }

  private addRoutes({ api, tokens, functions }: ApiProps): void {
    const authorizer = new HttpJwtAuthorizer('Tokens', tokens.issuerUrl, {
      jwtAudience: [...tokens.audience],
    });
    const integrations = new Map<FunctionName, HttpLambdaIntegration>();
    const integrationOf = (name: FunctionName) => {
      const handler = functions[name];
      if (handler === undefined) throw new Error(`a route names ${name}, which the stack does not have`);
      const made =
        integrations.get(name) ?? new HttpLambdaIntegration(name, handler, { scopePermissionToRoute: false });
      integrations.set(name, made);
      return made;
    };
    const opened = { authorizer: new apigateway.HttpNoneAuthorizer() };
    // Functions check scopes whatever the issuer. The gateway would refuse those that stand in `roles`.
    const { areScopesInScope: inScope } = tokens;
    const doors: readonly Route[] = doorRoutes;
    // A door that the stage does not open has no function, and so no routes.
    const all = [...routes, ...doors.filter((route) => functions[route.function] !== undefined)];
    for (const { method, path, function: name, scopes } of all) {
      api.addRoutes({
        path,
        methods: methodsOf(method).map((each) => apigateway.HttpMethod[each]),
        integration: integrationOf(name),
        ...(scopes === null
          ? opened
          : { authorizer, ...(inScope ? { authorizationScopes: [...scopes] } : {}) }),
      });
    }
    new apigateway.HttpRoute(this, 'Unknown', {
      httpApi: api,
      routeKey: apigateway.HttpRouteKey.DEFAULT,
      integration: integrationOf(unknownRoute.function),
      ...opened,
    });
  }

  private addStage({ api, domain: own, tokens, stage }: ApiProps): void {
    const { requestsPerSecond, burst } = throttleOf('api', stage.api);
    const domainName = own ?? domainOf(this, stage);
    const httpStage = new apigateway.HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      ...(domainName === undefined ? {} : { domainMapping: { domainName } }),
      throttle: { rateLimit: requestsPerSecond, burstLimit: burst },
      accessLogSettings: {
        destination: new apigateway.LogGroupLogDestination(this.accessLog),
        format: accessLogFormat(tokens.clientIdClaim),
      },
    });
    throttleOpenRoutes(httpStage, stage);
  }

  /**
   * The integration's own permission is for `stage/METHOD/path`; `$default` has no method, so its name is one
   * part shorter and nothing of that permission fits it.
   */
  private permitUnknown(api: apigateway.HttpApi, handler: lambda.IFunction | undefined): void {
    handler?.addPermission('UnknownRoute', {
      scope: this,
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: Stack.of(this).formatArn({
        service: 'execute-api',
        resource: api.apiId,
        resourceName: '*/$default',
      }),
    });
  }
}
