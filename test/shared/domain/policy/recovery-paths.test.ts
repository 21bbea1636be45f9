/** Which ways of recovery a policy opens. */
import { expect, test } from 'vitest';
import { defaultPolicy } from '../../../../shared/domain/policy/policy.ts';
import { recoveryPaths } from '../../../../shared/domain/policy/recovery-paths.ts';

const every = {
  ...defaultPolicy,
  mode: 'Hybrid',
  forgotPhone: { enabled: true, method: 'kba', usersSelect: true },
  securityCodes: 'both',
} as const;

test.each([
  ['everything on', {}, ['kba', 'otp-alternate-email', 'kba+otp-alternate-email', 'backup-code']],
  ['Forgot Phone off', { forgotPhone: { ...every.forgotPhone, enabled: false } }, []],
  ['mode DirectFidoAuth', { mode: 'DirectFidoAuth' }, []],
  [
    'users who do not select',
    { forgotPhone: { ...every.forgotPhone, usersSelect: false } },
    ['kba', 'backup-code'],
  ],
  ['no backup codes', { securityCodes: 'none' }, ['kba', 'otp-alternate-email', 'kba+otp-alternate-email']],
  [
    'the strongest to begin with',
    { forgotPhone: { ...every.forgotPhone, method: 'kba+otp-alternate-email' }, securityCodes: 'none' },
    ['kba+otp-alternate-email'],
  ],
] as const)('with %s', (_, changed, paths) => {
  expect(recoveryPaths({ ...every, ...changed })).toEqual(paths);
});
