/** What fits into a function's environment: the policy beside the keys and the stage's texts. */
import type { Policy } from '../../shared/domain/policy/policy.ts';
import type { ConfigurationProblem } from './problems.ts';
import type { StageConfiguration } from './schema.ts';

/** Bytes that Lambda allows for all variables of a function together. */
export const environmentBytes = 4_096;

/** A version, the ARN of its key and a comma, at their longest. */
const keyBytes = 90;
/** Names of variables, and the table and the queues, of `deliver`, which has most of them but knows no signing key. */
const deliverBytes = 800;
/** The same of the functions that sign. */
const signingBytes = 600;

interface Versions {
  readonly versions: readonly number[];
}

/** What of a stage goes into the environment beside its policy. */
interface Sized {
  readonly keys: { readonly pepper: Versions; readonly signing: Versions };
  readonly organisation: object;
  readonly sms: object;
  readonly email: object;
  readonly voice: object | undefined;
}

/** What is wrong where a policy without questions is already too long for one of the functions. */
export function policySizeProblem(
  policy: Policy,
  { keys, ...texts }: Sized,
): ConfigurationProblem | undefined {
  const taken = Buffer.byteLength(JSON.stringify(policy));
  const [pepper, signing] = [keys.pepper.versions.length, keys.signing.versions.length];
  const beside = Math.max(
    deliverBytes + textBytes(texts) + keyBytes * pepper,
    signingBytes + keyBytes * (pepper + signing),
  );
  const room = environmentBytes - beside;
  if (taken <= room) return undefined;
  const message =
    `it takes ${taken} bytes; use at most ${room}, which is what Lambda's environment has left beside ` +
    `${pepper} pepper and ${signing} signing versions: fewer countries, or fewer versions`;
  return { field: 'policy', message };
}

/** Names of variables, the table, the machine, the queues and the issuer, of the two functions of the sign-in page. */
const pageBytes = 1_150;
const providerBytes = 450;

/** What is wrong where the clients, tenants and branding of the sign-in page do not fit beside the policy. */
export function doorSizeProblem(
  policy: Policy,
  { keys, organisation, oidc, entra, branding }: Partial<StageConfiguration>,
): ConfigurationProblem | undefined {
  if (!keys || !organisation) return undefined;
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

function textBytes(value: unknown): number {
  if (typeof value === 'object' && value !== null) {
    return Object.values(value).reduce((sum, each) => sum + textBytes(each), 0);
  }
  return value === undefined ? 0 : Buffer.byteLength(String(value));
}
