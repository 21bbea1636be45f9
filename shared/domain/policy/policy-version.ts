/** The version of a policy: a digest of its values, the same in whatever order they were written. */
import { createHash } from 'node:crypto';
import type { Policy } from './policy.ts';

/**
 * 48 bits of SHA-256 over the policy as JSON without white space, keys sorted, as 8 characters of base64url. Enough
 * to tell a deployment's policies apart, and no secret: whoever has the policy can compute it.
 */
export function policyVersion(policy: Policy): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(policy)))
    .digest('base64url')
    .slice(0, 8);
}

/** Lists keep their order, which has a meaning. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => [key, sorted(inner)]);
  return Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
