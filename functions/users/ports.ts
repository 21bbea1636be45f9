/** Builds the ports of this function from its environment. */
import { kmsClient } from '../../shared/aws/kms.ts';
import { lazyNoticeQueue } from '../../shared/aws/lazy-sqs.ts';
import { corePorts } from '../../shared/composition/core.ts';
import type { CodeAudit } from '../../shared/domain/backup-codes/code-audit.ts';
import type { EnrolmentPorts } from '../../shared/domain/enrolment/enrolment-ports.ts';
import { environmentOf } from '../../shared/environment/configuration.ts';
import type { TokenReading } from '../../shared/http/request.ts';
import { type SecurityQuestionTexts, securityQuestionTexts } from '../../shared/messages/question-texts.ts';
import { codeAudit } from '../../shared/store/code-audit.ts';

export interface Ports extends EnrolmentPorts, TokenReading {
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
    questions: securityQuestionTexts(environment),
    voice: environment.CALL_QUEUE_URL !== undefined,
  };
}
