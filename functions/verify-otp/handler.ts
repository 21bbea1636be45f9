/** verify-otp: verifies a one-time or backup code; each attempt is recorded, and a right code gets an assertion. */
import { api } from '../../shared/lambda/api.ts';
import { connect } from './ports.ts';
import { redeem } from './redeem.ts';
import { verify } from './verify.ts';
import { askBackupCode } from './workflow-tasks.ts';

export const handler = api(
  'verify-otp',
  connect,
  {
    'POST /v1/otp-challenges/{challengeId}/verify': verify,
    'POST /v1/backup-codes/verify': redeem,
  },
  { 'ask-backup-code': askBackupCode },
);
