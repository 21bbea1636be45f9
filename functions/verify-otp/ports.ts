/** Builds the ports of this function from its environment. */
import { kmsClient } from '../../shared/aws/kms.ts';
import { lazyNoticeQueue } from '../../shared/aws/lazy-sqs.ts';
import { assertionPorts } from '../../shared/composition/assertion.ts';
import { corePorts } from '../../shared/composition/core.ts';
import { recoveryPorts } from '../../shared/composition/recovery.ts';
import type { BackupCodePorts } from '../../shared/domain/backup-codes/code-selector.ts';
import type { RecoveryPorts } from '../../shared/domain/recovery/recovery.ts';
import { environmentOf } from '../../shared/environment/configuration.ts';
import type { AssertionPorts } from '../../shared/http/verification.ts';

export interface Ports extends BackupCodePorts, AssertionPorts, RecoveryPorts {
  readonly clientIdClaim: string;
}

export async function connect(): Promise<Ports> {
  const environment = environmentOf('verify-otp');
  const kms = kmsClient();
  const core = await corePorts(environment, kms);
  return {
    ...core,
    ...recoveryPorts(core, environment),
    ...assertionPorts(kms, environment),
    notices: lazyNoticeQueue(environment.NOTICE_QUEUE_URL),
    clientIdClaim: environment.CLIENT_ID_CLAIM,
  };
}
