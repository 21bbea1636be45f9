/** verify-otp: records an attempt at a typed code, one-time or backup, and asserts a right one to its client. */
import { api } from '../../shared/lambda/api.ts';
import { connect } from './ports.ts';
import { redeem } from './redeem.ts';
import { verify } from './verify.ts';
import { askBackupCode } from './workflow-tasks.ts';

export const handler = api(
  connect,
  {
    'POST /v1/otp-challenges/{challengeId}/verify': verify,
    'POST /v1/backup-codes/verify': redeem,
  },
  { 'ask-backup-code': askBackupCode },
);
