/** The deployment's own domain: what clients call, and what assertions name as their issuer, whatever stands behind it. */
import * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { Construct } from 'constructs';
import type { Stage } from '../configuration/stage.ts';
import { output } from './outputs.ts';

/** The base URL of the API: of what stands in front, else of its domain where the stage has one, else of the endpoint that AWS names. */
export function originOf(
  { domain, front }: Pick<Stage, 'domain' | 'front'>,
  api: apigateway.HttpApi,
  own?: apigateway.IDomainName,
): string {
  const name = front?.name ?? own?.name ?? domain?.name;
  return name === undefined ? api.apiEndpoint : `https://${name}`;
}

/** The domain with its certificate, and the two outputs that a DNS record is made of. `undefined` without one. */
export function domainOf(
  scope: Construct,
  { domain }: Pick<Stage, 'domain'>,
): apigateway.DomainName | undefined {
  if (domain === undefined) return undefined;
  const { name, certificateArn } = domain;
  const made = new apigateway.DomainName(scope, 'Domain', {
    domainName: name,
    certificate: Certificate.fromCertificateArn(scope, 'Certificate', certificateArn),
    securityPolicy: apigateway.SecurityPolicy.TLS_1_2,
  });
  output(scope, 'DomainTarget', {
    value: made.regionalDomainName,
    description: `What ${name} is an alias or a CNAME of`,
  });
  output(scope, 'DomainTargetZone', {
    value: made.regionalHostedZoneId,
    description: 'The hosted zone of that alias in Route 53',
  });
  return made;
}
