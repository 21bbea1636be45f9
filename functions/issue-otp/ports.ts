/** Builds the ports of this function from its environment. */
import { kmsClient } from '../../shared/aws/kms.ts';
import { type LazyDeliveryQueues, lazyDeliveryQueues } from '../../shared/aws/lazy-sqs.ts';
import { corePorts } from '../../shared/composition/core.ts';
import { recoveryPorts } from '../../shared/composition/recovery.ts';
import type { NamePorts } from '../../shared/domain/names/person.ts';
import type { IssuePorts } from '../../shared/domain/otp/issue.ts';
import type { RecoveryPorts } from '../../shared/domain/recovery/recovery.ts';
import { environmentOf } from '../../shared/environment/configuration.ts';
import type { TokenReading } from '../../shared/http/request.ts';
import { resolveLocale } from '../../shared/messages/texts.ts';
import { rateLimiter } from '../../shared/store/rate-limiter.ts';

export interface Ports extends IssuePorts, NamePorts, RecoveryPorts, TokenReading {
  readonly queues: LazyDeliveryQueues;
}

export async function connect(): Promise<Ports> {
  const environment = environmentOf('issue-otp');
  const core = await corePorts(environment, kmsClient());
  const queues = lazyDeliveryQueues(environment);
  return {
    ...core,
    ...recoveryPorts(core, environment),
    limiter: rateLimiter(core.table),
    queues,
    voice: queues.voice,
    decoyEmailDomain: environment.DECOY_EMAIL_DOMAIN,
    defaultLocale: resolveLocale(environment.DEFAULT_LOCALE, 'en'),
    clientIdClaim: environment.CLIENT_ID_CLAIM,
    operatorClaim: environment.OPERATOR_CLAIM,
  };
}
