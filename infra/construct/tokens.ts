/** Where access tokens come from: the organisation's own issuer, or a Cognito user pool made here. */
import { Aws, Duration, Stack } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { type Scope, scopes } from '../../shared/http/routes.ts';
import type { Stage } from '../configuration/stage.ts';
import { pascal } from './names.ts';
import { output } from './outputs.ts';
import { isProtected } from './removal.ts';

/** The clients that the pool is made with, and what each may do. */
const poolClients = {
  'credential-provider': scopes.signin,
  'web-login': scopes.signin,
  helpdesk: scopes.helpdesk,
  admin: scopes.admin,
} as const satisfies Record<string, Scope>;

const [resourceServer] = scopes.signin.split('/') as [string];

export class Tokens extends Construct {
  readonly issuerUrl: string;
  readonly audience: readonly string[];
  readonly clientIdClaim: string;
  readonly operatorClaim: string | undefined;
  /** Whether every token's scopes stand where API Gateway looks for them. */
  readonly areScopesInScope: boolean;

  constructor(scope: Construct, id: string, { tokens, name }: Stage) {
    super(scope, id);
    this.areScopesInScope = tokens.issuer === 'cognito';
    this.operatorClaim = tokens.issuer === 'own' ? tokens.operatorClaim : undefined;
    if (tokens.issuer === 'own') {
      this.issuerUrl = tokens.issuerUrl;
      this.audience = tokens.audience;
      this.clientIdClaim = tokens.clientIdClaim ?? 'client_id';
    } else {
      const { pool, clients } = this.pool(name);
      this.issuerUrl = `https://cognito-idp.${Stack.of(this).region}.${Aws.URL_SUFFIX}/${pool.userPoolId}`;
      this.audience = clients.map(({ userPoolClientId }) => userPoolClientId);
      this.clientIdClaim = 'client_id';
    }
    output(this, 'TokenIssuer', {
      value: this.issuerUrl,
      description: 'Issuer of the access tokens; that of the assertions is ApiUrl',
    });
  }

  private pool(stageName: string) {
    const pool = new cognito.UserPool(this, 'Pool', {
      selfSignUpEnabled: false, // machines only: client credentials, no people
      deletionProtection: true,
      removalPolicy: isProtected,
    });
    const served = Object.values(scopes).map((scope) => {
      const scopeName = scope.replace(`${resourceServer}/`, '');
      return new cognito.ResourceServerScope({ scopeName, scopeDescription: `MFA fallback: ${scopeName}` });
    });
    const server = pool.addResourceServer('Api', { identifier: resourceServer, scopes: served });
    const domain = pool.addDomain('Domain', {
      cognitoDomain: { domainPrefix: `mfa-fallback-${stageName}-${Aws.ACCOUNT_ID}` },
    });
    const clients = Object.entries(poolClients).map(([name, granted]) => {
      const scope = served[Object.values(scopes).indexOf(granted)] as cognito.ResourceServerScope;
      const client = pool.addClient(name, {
        userPoolClientName: name,
        generateSecret: true,
        accessTokenValidity: Duration.hours(1),
        oAuth: {
          flows: { clientCredentials: true },
          scopes: [cognito.OAuthScope.resourceServer(server, scope)],
        },
      });
      output(this, `ClientId${pascal(name)}`, {
        value: client.userPoolClientId,
        description: `Client id of ${name}`,
      });
      return client;
    });
    // GovCloud has endpoints that keep to FIPS 140 and no others, `auth-fips` for tokens.
    const fips = Stack.of(this).region.startsWith('us-gov-');
    output(this, 'TokenEndpoint', {
      value: `${domain.baseUrl({ fips })}/oauth2/token`,
      description: 'Where clients get access tokens',
    });
    return { pool, clients };
  }
}
