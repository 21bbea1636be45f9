/** What the claims of an access token say: its scopes, and who works with it where a claim names an operator. */
import { readUserId } from '../domain/identifiers/user-id.ts';
import { scopes } from './routes.ts';

export type Claims = Readonly<Record<string, unknown>>;

const ours: readonly string[] = Object.values(scopes);

/**
 * Issuers put scopes in `scope`, in `scp` or, as Entra ID does for programs and for people's app roles, in `roles`. In
 * a token with both of the first, `scope` counts (RFC 8693 §4.2). Roles count only where those name none of ours: what
 * a person may do must not widen what the client was granted.
 */
export function scopesOf(claims: Claims): readonly string[] {
  const granted = listed(claims['scope'] ?? claims['scp']);
  if (granted.some((scope) => ours.includes(scope))) return granted;
  const roles = listed(claims['roles']);
  return roles.length > 0 ? roles : granted;
}

/**
 * A list as API Gateway hands it on: `[a b]`; with commas or quotes, as its other authorizers write it; or a list. Text
 * without brackets is separated by spaces alone: a scope may hold a comma (RFC 6749 §3.3).
 */
function listed(claim: unknown): readonly string[] {
  if (Array.isArray(claim)) return claim.filter((one) => typeof one === 'string');
  if (typeof claim !== 'string') return [];
  const inside = /^\[(.*)\]$/s.exec(claim)?.[1];
  if (inside === undefined) return claim.split(' ').filter(Boolean);
  return inside
    .split(/[ ,]+/)
    .map((one) => /^"(.*)"$/.exec(one)?.[1] ?? one)
    .filter(Boolean);
}

const placeholder = /\{([^{}]+)\}/g;

/**
 * The operator's name, from a claim such as `preferred_username`, or from a template such as `entra:{tid}:{oid}`.
 * `undefined` when the token lacks one of the claims, or when they make no name.
 */
export function operatorOf(template: string, claims: Claims): string | undefined {
  const pattern = template.includes('{') ? template : `{${template}}`;
  let isWhole = true;
  const name = pattern.replace(placeholder, (_, claim: string) => {
    const value = claims[claim];
    if (typeof value === 'string' && value !== '') return value;
    isWhole = false;
    return '';
  });
  return isWhole ? readUserId(name) : undefined;
}
