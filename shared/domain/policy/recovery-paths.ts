/** The ways of recovery: which steps each has, and which of them a policy opens. */
import { forbidsFallback } from './fallback.ts';
import type { Policy } from './policy.ts';

/**
 * What a person answers on each path, in order. The workflow takes its routes from this table, the end of a
 * recovery is checked against it, and the paths' names come from it. Weakest first; `backup-code` stands apart.
 */
export const recoverySteps = {
  kba: ['kba'],
  'otp-alternate-email': ['otp'],
  'kba+otp-alternate-email': ['kba', 'otp'],
  'backup-code': ['backup-code'],
} as const satisfies Record<string, readonly ('kba' | 'otp' | 'backup-code')[]>;

export type RecoveryPath = keyof typeof recoverySteps;
export type AnsweredStep = (typeof recoverySteps)[RecoveryPath][number];

export const recoveryPathNames = Object.keys(recoverySteps) as [RecoveryPath, ...RecoveryPath[]];
const byStrength = recoveryPathNames.filter((path) => path !== 'backup-code');

/** Users may select any path that is at least as strong as the policy's. */
export function recoveryPaths(policy: Policy): readonly RecoveryPath[] {
  const { forgotPhone, securityCodes } = policy;
  if (forbidsFallback(policy) || !forgotPhone.enabled) return [];
  const { method, usersSelect } = forgotPhone;
  const paths = usersSelect ? byStrength.slice(byStrength.indexOf(method)) : [method];
  return securityCodes === 'none' ? paths : [...paths, 'backup-code'];
}
