/** Rules of the sign-in page: what clients and tenants of one stage may be beside one another. */

import type { Policy } from '../../shared/domain/policy/policy.ts';
import { anyLoopback } from '../../shared/environment/sign-in-clients.ts';
import { environmentBytes, keyBytes, pageBytes, textBytes } from './environment-size.ts';
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
      problems.push({
        field: `${field}.redirectUri`,
        message: refusal(redirectUri, `one of ${clouds.join(', ')}`),
      });
    if (authority !== undefined)
      problems.push({
        field: `${field}.authority`,
        message: 'leave it out: the redirectUri says which cloud',
      });
    return problems;
  });
}

/** Names of variables, the table and the issuer, of the function that talks to clients. */
const providerBytes = 450;

/** What is wrong where the clients, tenants and branding of the sign-in page do not fit beside the policy. */
export function doorSizeProblem(
  policy: Policy,
  { keys, organisation, oidc, entra, branding }: Partial<StageConfiguration>,
): ConfigurationProblem | undefined {
  if (!keys || !organisation || (!oidc && !entra && !branding)) return undefined;
  const beside =
    Buffer.byteLength(JSON.stringify(policy)) +
    keyBytes * (keys.pepper.versions.length + keys.signing.versions.length);
  const names = oidc?.clients.map(({ id, name }) => [id, name]);
  const page =
    pageBytes + textBytes({ organisation, branding }) + jsonBytes(names) + jsonBytes(entra?.tenants, 120);
  const provider = providerBytes + jsonBytes(oidc?.clients);
  const surplus = beside + Math.max(page, provider) - environmentBytes;
  if (surplus <= 0) return undefined;
  const message =
    `clients, tenants and branding take ${surplus} bytes more than Lambda's environment has; ` +
    'use fewer or shorter redirectUris, jwksUrl in place of jwks, or a smaller logo';
  return { field: page > provider ? 'branding' : 'oidc', message };
}

/** @param more of each, for what is written out where it was left out */
function jsonBytes(list: readonly object[] | undefined, more = 0): number {
  return list === undefined ? 0 : Buffer.byteLength(JSON.stringify(list)) + more * list.length;
}
