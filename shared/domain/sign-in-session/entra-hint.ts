/** What Entra ID must say in its hint, once the signature is right, for one entry of the stage's tenants. */

/** What the hint is held against: all of it of one and the same entry. */
export interface ExpectedHint {
  readonly issuer: string;
  readonly applicationId: string;
  readonly tenantId: string;
}

/** Why a hint opens nothing, for the log. */
export type HintRefusal = 'unknown-tenant' | 'signature' | 'claims' | 'used';

export interface EntraHint {
  /** The person's id in the tenant, for all applications. */
  readonly oid: string;
  /** Pairwise; the answer repeats it. */
  readonly sub: string;
  /** To be shown, and no name to find anybody by. */
  readonly preferredUsername?: string | undefined;
}

const mostAgeSeconds = 300;
/** Two clocks are never quite the same. */
const aheadSeconds = 60;

/** `exp` is past by design: Entra issues hints as expired, so that they are good for nothing else. */
export function readHint(
  claims: Readonly<Record<string, unknown>>,
  { issuer, applicationId, tenantId }: ExpectedHint,
  now: number,
): EntraHint | undefined {
  const { iss, aud, tid, oid, sub, iat } = claims;
  if (iss !== issuer || aud !== applicationId || tid !== tenantId) return undefined;
  if (typeof iat !== 'number' || typeof oid !== 'string' || typeof sub !== 'string') return undefined;
  const age = now / 1000 - iat;
  if (age > mostAgeSeconds || age < -aheadSeconds || !idShape.test(oid) || sub === '') return undefined;
  const name = claims['preferred_username'];
  return { oid, sub, preferredUsername: typeof name === 'string' ? name : undefined };
}

const idShape = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The person's name here. */
export const entraNameOf = (tenantId: string, oid: string): string =>
  `entra:${tenantId}:${oid}`.toLowerCase();

interface AskedValues {
  readonly acrValues: readonly string[];
  readonly amrValues: readonly string[];
}

/** `claims` of the request; `undefined` where it does not say what Entra takes. */
export function readAskedValues(text: string): AskedValues | undefined {
  try {
    const { id_token: asked } = JSON.parse(text) as { readonly id_token?: Record<string, Asked | undefined> };
    const [acrValues, amrValues] = [asked?.['acr']?.values, asked?.['amr']?.values].map(listOf);
    return acrValues && amrValues && { acrValues, amrValues };
  } catch {
    return undefined;
  }
}

interface Asked {
  readonly values?: unknown;
}

const mostValues = 64;

function listOf(values: unknown): readonly string[] | undefined {
  if (!Array.isArray(values) || values.length === 0 || values.length > mostValues) return undefined;
  return values.every((value) => typeof value === 'string') ? values : undefined;
}

/** Something that the person has, or anything that having it is enough for. */
const possessions = [
  'possessionorinherence',
  'possession',
  'knowledgeorpossession',
  'knowledgeorpossessionorinherence',
];

/** The one `acr` of those asked that a code sent to the person fulfils. */
export function entraContextOf(asked: readonly string[]): string | undefined {
  return possessions.find((value) => asked.includes(value));
}
