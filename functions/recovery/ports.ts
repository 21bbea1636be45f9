/** Builds the ports of this function from its environment. */
import { kmsClient } from '../../shared/aws/kms.ts';
import { lazyNoticeQueue } from '../../shared/aws/lazy-sqs.ts';
import { assertionPorts } from '../../shared/composition/assertion.ts';
import { corePorts } from '../../shared/composition/core.ts';
import { recoveryPorts } from '../../shared/composition/recovery.ts';
import type { NamePorts } from '../../shared/domain/names/person.ts';
import type { NoticeQueue } from '../../shared/domain/queues/messages.ts';
import type { RecoveryAnswers } from '../../shared/domain/recovery/kept-answers.ts';
import type { StartRecoveryPorts } from '../../shared/domain/recovery/start-recovery.ts';
import type { RestrictionStore } from '../../shared/domain/restrictions/restrictions.ts';
import { environmentOf } from '../../shared/environment/configuration.ts';
import type { AssertionPorts } from '../../shared/http/verification.ts';
import { rateLimiter } from '../../shared/store/rate-limiter.ts';
import { recoveryAnswers } from '../../shared/store/recovery-answers.ts';

export interface Ports extends StartRecoveryPorts, AssertionPorts, NamePorts {
  readonly answers: RecoveryAnswers;
  readonly restrictions: RestrictionStore;
  readonly notices: NoticeQueue;
  readonly clientIdClaim: string;
}

export async function connect(): Promise<Ports> {
  const environment = environmentOf('recovery');
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
    answers: recoveryAnswers(core.table, core.keyring),
    limiter: rateLimiter(core.table),
    notices: lazyNoticeQueue(environment.NOTICE_QUEUE_URL),
    clientIdClaim: environment.CLIENT_ID_CLAIM,
  };
}
