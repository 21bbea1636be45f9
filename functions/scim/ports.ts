/** Builds the ports of this function from its environment. */
import { kmsClient } from '../../shared/aws/kms.ts';
import { lazyNoticeQueue } from '../../shared/aws/lazy-sqs.ts';
import { corePorts } from '../../shared/composition/core.ts';
import type { CodeAudit } from '../../shared/domain/backup-codes/code-audit.ts';
import type { EnrolmentPorts } from '../../shared/domain/enrolment/enrolment-ports.ts';
import { environmentOf } from '../../shared/environment/configuration.ts';
import { codeAudit } from '../../shared/store/code-audit.ts';
import type { TokenRules } from './access-token.ts';
import type { Connection } from './connection.ts';

export interface Ports extends EnrolmentPorts {
  readonly audit: CodeAudit;
  /** Whether calls can be placed. */
  readonly voice: boolean;
  readonly connections: readonly Connection[];
  /** Of access tokens. */
  readonly tokens: TokenRules;
}

export async function connect(): Promise<Ports> {
  const environment = environmentOf('scim');
  const core = await corePorts(environment, kmsClient());
  return {
    ...core,
    audit: codeAudit(core.table, core.clock),
    notices: lazyNoticeQueue(environment.NOTICE_QUEUE_URL),
    voice: environment.CALL_QUEUE_URL !== undefined,
    connections: JSON.parse(environment.SCIM_CONNECTIONS),
    tokens: {
      issuer: environment.TOKEN_ISSUER,
      audience: JSON.parse(environment.TOKEN_AUDIENCE),
      clientIdClaim: environment.CLIENT_ID_CLAIM,
    },
  };
}
