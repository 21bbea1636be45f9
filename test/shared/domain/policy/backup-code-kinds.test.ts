/** Which kinds of backup codes a policy offers. */
import { expect, test } from 'vitest';
import { backupCodeKinds } from '../../../../shared/domain/policy/backup-code-kinds.ts';
import { defaultPolicy } from '../../../../shared/domain/policy/policy.ts';

test.each([
  ['none', []],
  ['static', ['static']],
  ['one-time', ['one-time']],
  ['both', ['one-time', 'static']],
] as const)('securityCodes %s offers %j', (securityCodes, kinds) => {
  expect(backupCodeKinds({ ...defaultPolicy, mode: 'MFA', securityCodes })).toEqual(kinds);
});

test('a policy that allows no fallback offers none', () => {
  expect(backupCodeKinds({ ...defaultPolicy, mode: 'DirectFidoAuth', securityCodes: 'both' })).toEqual([]);
});
