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

/** Whether the path has the step. */
export function asksFor(step: AnsweredStep, path: RecoveryPath | undefined): boolean {
  const steps: readonly AnsweredStep[] = path === undefined ? [] : recoverySteps[path];
  return steps.includes(step);
}

/** Users may select any path that is at least as strong as the policy's. */
export function recoveryPaths(policy: Policy): readonly RecoveryPath[] {
  return recoveryPathNames.filter((path) => pathRuledOutBy(path, policy) === undefined);
}

/** The field that rules the path out for everybody. */
export function pathRuledOutBy(path: RecoveryPath, policy: Policy) {
  const { enabled, method, usersSelect } = policy.forgotPhone;
  if (forbidsFallback(policy)) return 'policy.mode';
  if (!enabled) return 'policy.forgotPhone.enabled';
  if (path === 'backup-code') return policy.securityCodes === 'none' ? 'policy.securityCodes' : undefined;
  if (path === method) return undefined;
  if (byStrength.indexOf(path) < byStrength.indexOf(method)) return 'policy.forgotPhone.method';
  return usersSelect ? undefined : 'policy.forgotPhone.usersSelect';
}
