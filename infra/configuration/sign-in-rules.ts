/** Rules of the sign-in page: what clients and tenants of one stage may be beside one another. */
import { anyLoopback } from '../../shared/environment/sign-in-clients.ts';
import { type ConfigurationProblem, refusal } from './problems.ts';
import type { StageConfiguration } from './schema.ts';

type Client = NonNullable<StageConfiguration['oidc']>['clients'][number];
type Tenant = NonNullable<StageConfiguration['entra']>['tenants'][number];

/** Of Microsoft's clouds: where the answer goes, and who signs the hints of its tenants. */
export const entraClouds = {
  'https://login.microsoftonline.com/common/federation/externalauthprovider':
    'https://login.microsoftonline.com',
  'https://login.microsoftonline.us/common/federation/externalauthprovider':
    'https://login.microsoftonline.us',
  'https://login.partner.microsoftonline.cn/common/federation/externalauthprovider':
    'https://login.partner.microsoftonline.cn',
} as const;

const loopback = ['127.0.0.1', 'localhost'];

export function clientProblems(clients: readonly Client[], stageName: string): ConfigurationProblem[] {
  return clients.flatMap((client, at) => {
    const field = `oidc.clients[${at}]`;
    const { id, redirectUris, secretSha256, jwks, jwksUrl } = client;
    const problems: ConfigurationProblem[] = [];
    if (clients.findIndex((other) => other.id === id) < at)
      problems.push({ field: `${field}.id`, message: refusal(id, 'an id that no other client has') });
    if ([secretSha256, jwks, jwksUrl].filter((each) => each !== undefined).length !== 1)
      problems.push({ field, message: 'use one of secretSha256, jwks and jwksUrl' });
    if (jwks?.keys.some((key) => 'd' in key || key['kty'] === 'oct'))
      problems.push({ field: `${field}.jwks`, message: 'it holds a private key; use the public one alone' });
    redirectUris.forEach((uri, place) => {
      const message = redirectProblem(uri, stageName);
      if (message !== undefined) problems.push({ field: `${field}.redirectUris[${place}]`, message });
    });
    return problems;
  });
}

function redirectProblem(uri: string, stageName: string): string | undefined {
  const { protocol, hostname, username, password } = new URL(uri);
  const isLocal = stageName === 'local' && loopback.includes(hostname);
  if (username !== '' || password !== '' || (protocol !== 'https:' && !(isLocal && protocol === 'http:')))
    return refusal(uri, 'an https URL');
  if (uri === anyLoopback || !uri.includes('*')) return undefined;
  return refusal(uri, 'one URL to the letter, without *');
}

export function tenantProblems(tenants: readonly Tenant[], stageName: string): ConfigurationProblem[] {
  return tenants.flatMap(({ tenantId, clientId, redirectUri, authority }, at) => {
    const field = `entra.tenants[${at}]`;
    const problems: ConfigurationProblem[] = [];
    const isAgain = (other: Tenant) => other.tenantId === tenantId && other.clientId === clientId;
    if (tenants.findIndex(isAgain) < at)
      problems.push({ field, message: 'this tenant stands here twice; use one entry for it' });
    if (stageName === 'local') return problems;
    const clouds = Object.keys(entraClouds);
    if (redirectUri !== undefined && !clouds.includes(redirectUri))
      problems.push({ field: `${field}.redirectUri`, message: refusal(redirectUri, `one of ${clouds.join(', ')}`) });
    if (authority !== undefined)
      problems.push({ field: `${field}.authority`, message: 'leave it out: the redirectUri says which cloud' });
    return problems;
  });
}
