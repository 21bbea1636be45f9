/** A domain of the deployment's own: one way in, and one issuer. */
import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../infra/configuration/problems.ts';
import { routes } from '../../../shared/http/routes.ts';
import { functionName, resourcesOf, templateOf } from '../template.ts';

const certificateArn =
  'arn:aws:acm:eu-central-1:111122223333:certificate/11111111-2222-4333-8444-555555555555';
const domain = { name: 'mfa.example.com', certificateArn };

describe('with a domain', () => {
  const template = templateOf({ domain });
  const only = (type: string) => [...resourcesOf(template, type).values()][0];

  it('API Gateway answers at it, by TLS 1.2 at least, and closes its own endpoint', () => {
    expect(only('AWS::ApiGatewayV2::DomainName')).toMatchObject({
      DomainName: domain.name,
      DomainNameConfigurations: [{ CertificateArn: certificateArn, SecurityPolicy: 'TLS_1_2' }],
    });
    expect(only('AWS::ApiGatewayV2::ApiMapping')).toHaveProperty('Stage');
    expect(only('AWS::ApiGatewayV2::Api')).toMatchObject({ DisableExecuteApiEndpoint: true });
  });

  it('assertions name it, and so do the outputs', () => {
    const issuers = [...resourcesOf(template, 'AWS::Lambda::Function')].flatMap(([id, { Environment }]) => {
      const issuer = Environment?.Variables?.ASSERTION_ISSUER;
      return issuer === undefined ? [] : [[functionName(id), issuer]];
    });
    expect(issuers.length).toBeGreaterThan(3);
    expect(issuers.filter(([, issuer]) => issuer !== 'https://mfa.example.com')).toEqual([]);
    template.hasOutput('ApiUrl', { Value: 'https://mfa.example.com' });
    template.hasOutput('JwksUrl', { Value: 'https://mfa.example.com/.well-known/jwks.json' });
    template.hasOutput('DomainTarget', {});
    template.hasOutput('DomainTargetZone', {});
  });
});

it('with something in front, assertions name that, and functions behind the API ask for its secret', () => {
  const digests = ['1'.repeat(64), '2'.repeat(64)];
  const template = templateOf({ front: { name: 'login.example.com', secretSha256: digests } });
  template.hasOutput('ApiUrl', { Value: 'https://login.example.com' });
  const asking = [...resourcesOf(template, 'AWS::Lambda::Function')].filter(
    ([, { Environment }]) => Environment.Variables.FRONT_SECRETS === digests.join(','),
  );
  const behindApi = new Set<string>(routes.map((route) => route.function));
  const names = asking.map(([id]) => functionName(id));
  expect(names).toEqual(expect.arrayContaining([...behindApi, 'sign-in', 'oidc']));
  expect(names).not.toContain('deliver');
});

it('without one the endpoint of AWS is open', () => {
  const template = templateOf();
  expect(resourcesOf(template, 'AWS::ApiGatewayV2::DomainName').size).toBe(0);
  const [api] = resourcesOf(template, 'AWS::ApiGatewayV2::Api').values();
  expect(api).toMatchObject({ DisableExecuteApiEndpoint: false });
});

it.each([
  ['a certificate elsewhere', { certificateArn: certificateArn.replace('eu-central-1', 'us-east-1') }],
  ['no certificate', { certificateArn: 'arn:aws:iam::111122223333:server-certificate/x' }],
  ['a URL', { name: 'https://mfa.example.com' }],
])('%s is refused at synth', (_, change) => {
  expect(() => templateOf({ domain: { ...domain, ...change } })).toThrow(ConfigurationError);
});
