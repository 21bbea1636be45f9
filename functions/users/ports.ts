/** Builds the ports of this function from its environment. */
import { kmsClient } from '../../shared/aws/kms.ts';
import { lazyNoticeQueue } from '../../shared/aws/lazy-sqs.ts';
import { corePorts } from '../../shared/composition/core.ts';
import type { CodeAudit } from '../../shared/domain/backup-codes/code-audit.ts';
import type { DeliveryLog } from '../../shared/domain/delivery/delivery-log.ts';
import type { UnlockPorts } from '../../shared/domain/enrolment/unlock-user.ts';
import type { RestrictionStore } from '../../shared/domain/restrictions/restrictions.ts';
import { environmentOf } from '../../shared/environment/configuration.ts';
import type { TokenReading } from '../../shared/http/request.ts';
import { type SecurityQuestionTexts, securityQuestionTexts } from '../../shared/messages/question-texts.ts';
import { codeAudit } from '../../shared/store/code-audit.ts';
import { deliveryLog } from '../../shared/store/delivery-log.ts';
import { rateLimiter } from '../../shared/store/rate-limiter.ts';
import { restrictionStore } from '../../shared/store/restrictions.ts';

export interface Ports extends UnlockPorts, TokenReading {
  readonly deliveryLog: DeliveryLog;
  readonly restrictions: RestrictionStore;
  /** See `giveApproval`. */
  readonly areOperatorsKnown: boolean;
  readonly audit: CodeAudit;
  readonly questions: SecurityQuestionTexts;
  /** Whether calls can be placed. */
  readonly voice: boolean;
}

export async function connect(): Promise<Ports> {
  const environment = environmentOf('users');
  const notices = lazyNoticeQueue(environment.NOTICE_QUEUE_URL);
  const core = await corePorts(environment, kmsClient());
  return {
    ...core,
    audit: codeAudit(core.table, core.clock),
    notices,
    clientIdClaim: environment.CLIENT_ID_CLAIM,
    operatorClaim: environment.OPERATOR_CLAIM,
    areOperatorsKnown: environment.OPERATOR_CLAIM !== undefined || environment.FREE_OPERATORS !== undefined,
    limiter: rateLimiter(core.table),
    restrictions: restrictionStore(core.table),
    deliveryLog: deliveryLog(core.table),
    questions: securityQuestionTexts(environment),
    voice: environment.CALL_QUEUE_URL !== undefined,
  };
}
