/** Which ways of recovery a policy opens. */
import type { Policy } from './policy.ts';

/** Weakest first; users may select any that is at least as strong as the policy's. */
const byStrength = ['kba', 'otp-alternate-email', 'kba+otp-alternate-email'] as const;
export const recoveryPathNames = [...byStrength, 'backup-code'] as const;
export type RecoveryPath = (typeof recoveryPathNames)[number];

export function recoveryPaths({ mode, forgotPhone, securityCodes }: Policy): readonly RecoveryPath[] {
  if (mode === 'DirectFidoAuth' || !forgotPhone.enabled) return [];
  const { method, usersSelect } = forgotPhone;
  const paths = usersSelect ? byStrength.slice(byStrength.indexOf(method)) : [method];
  return securityCodes === 'none' ? paths : [...paths, 'backup-code'];
}
