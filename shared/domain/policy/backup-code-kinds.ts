/** Which kinds of backup codes a policy offers: the help desk generates these, and doors take them. */
import { forbidsFallback } from './fallback.ts';
import type { Policy } from './policy.ts';

const kinds = ['one-time', 'static'] as const;

export function backupCodeKinds(policy: Policy): readonly (typeof kinds)[number][] {
  const { securityCodes } = policy;
  if (forbidsFallback(policy)) return [];
  return kinds.filter((kind) => securityCodes === 'both' || securityCodes === kind);
}
