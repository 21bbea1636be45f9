/** Builds the ports of this function from its environment. */
import { kmsClient } from '../../shared/aws/kms.ts';
import { lazyNoticeQueue } from '../../shared/aws/lazy-sqs.ts';
import { assertionPorts } from '../../shared/composition/assertion.ts';
import { corePorts } from '../../shared/composition/core.ts';
import { recoveryPorts } from '../../shared/composition/recovery.ts';
import type { RedeemPorts } from '../../shared/domain/backup-codes/decide-redemption.ts';
import type { RecoveryPorts } from '../../shared/domain/recovery/recovery.ts';
import { environmentOf } from '../../shared/environment/configuration.ts';
import type { AssertionPorts } from '../../shared/http/verification.ts';

export interface Ports extends RedeemPorts, AssertionPorts, RecoveryPorts {
  readonly clientIdClaim: string;
}

export async function connect(): Promise<Ports> {
  const environment = environmentOf('verify-otp');
  const kms = kmsClient();
  // At once: one wait for KMS at a cold start and not two.
  const [core, assertions] = await Promise.all([
    corePorts(environment, kms),
    assertionPorts(kms, environment),
  ]);
  return {
    ...core,
    ...recoveryPorts(core, environment),
    ...assertions,
    notices: lazyNoticeQueue(environment.NOTICE_QUEUE_URL),
    clientIdClaim: environment.CLIENT_ID_CLAIM,
  };
}
