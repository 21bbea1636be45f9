/** Builds the ports of this function from its environment. */
import { kmsClient } from '../../shared/aws/kms.ts';
import { lazyNoticeQueue } from '../../shared/aws/lazy-sqs.ts';
import { corePorts } from '../../shared/composition/core.ts';
import type { GeneratePorts } from '../../shared/domain/backup-codes/generate-request.ts';
import type { RestrictionStore } from '../../shared/domain/restrictions/restrictions.ts';
import { environmentOf } from '../../shared/environment/configuration.ts';
import type { TokenReading } from '../../shared/http/request.ts';
import { codeAudit } from '../../shared/store/code-audit.ts';
import { rateLimiter } from '../../shared/store/rate-limiter.ts';
import { restrictionStore } from '../../shared/store/restrictions.ts';

export interface Ports extends GeneratePorts, TokenReading {
  readonly restrictions: RestrictionStore;
}

export async function connect(): Promise<Ports> {
  const environment = environmentOf('generate-backup-code');
  const core = await corePorts(environment, kmsClient());
  return {
    ...core,
    limiter: rateLimiter(core.table),
    audit: codeAudit(core.table, core.clock),
    notices: lazyNoticeQueue(environment.NOTICE_QUEUE_URL),
    clientIdClaim: environment.CLIENT_ID_CLAIM,
    operatorClaim: environment.OPERATOR_CLAIM,
    restrictions: restrictionStore(core.table),
    voice: environment.CALL_QUEUE_URL !== undefined,
  };
}
