/** Builds the ports of this function from its environment. */
import { deriveStateKeys, kmsClient } from '../../shared/aws/kms.ts';
import { type LazyDeliveryQueues, lazyDeliveryQueues, lazyNoticeQueue } from '../../shared/aws/lazy-sqs.ts';
import { corePorts } from '../../shared/composition/core.ts';
import { recoveryPorts } from '../../shared/composition/recovery.ts';
import type { RedeemPorts } from '../../shared/domain/backup-codes/decide-redemption.ts';
import type { DialoguePorts } from '../../shared/domain/dialogue/dialogue.ts';
import type { IssuePorts } from '../../shared/domain/otp/issue.ts';
import type { StartRecoveryPorts } from '../../shared/domain/recovery/start-recovery.ts';
import { environmentOf, keyVersions } from '../../shared/environment/configuration.ts';
import { resolveLocale } from '../../shared/messages/texts.ts';
import { dialogueStore } from '../../shared/store/dialogues.ts';
import { rateLimiter } from '../../shared/store/rate-limiter.ts';

export interface Ports extends IssuePorts, RedeemPorts, StartRecoveryPorts, DialoguePorts {
  readonly queues: LazyDeliveryQueues;
  readonly supportContact: string;
}

export async function connect(): Promise<Ports> {
  const environment = environmentOf('windows');
  const kms = kmsClient();
  const [core, stateKeys] = await Promise.all([
    corePorts(environment, kms),
    deriveStateKeys(kms, keyVersions(environment.STATE_KEYS)),
  ]);
  const queues = lazyDeliveryQueues(environment);
  return {
    ...core,
    stateKeys,
    ...recoveryPorts(core, environment),
    dialogues: dialogueStore(core.table),
    limiter: rateLimiter(core.table),
    queues,
    notices: lazyNoticeQueue(environment.NOTICE_QUEUE_URL),
    voice: queues.voice,
    decoyEmailDomain: environment.DECOY_EMAIL_DOMAIN,
    defaultLocale: resolveLocale(environment.DEFAULT_LOCALE, 'en'),
    supportContact: environment.SUPPORT_CONTACT,
  };
}
