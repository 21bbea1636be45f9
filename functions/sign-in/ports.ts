/** Builds the ports of this function from its environment. */
import { kmsClient } from '../../shared/aws/kms.ts';
import { type LazyDeliveryQueues, lazyDeliveryQueues, lazyNoticeQueue } from '../../shared/aws/lazy-sqs.ts';
import { assertionPorts } from '../../shared/composition/assertion.ts';
import { corePorts } from '../../shared/composition/core.ts';
import { recoveryPorts } from '../../shared/composition/recovery.ts';
import type { Signer } from '../../shared/domain/assertion.ts';
import type { RedeemPorts } from '../../shared/domain/backup-codes/decide-redemption.ts';
import type { ChannelHealth } from '../../shared/domain/delivery/channel-health.ts';
import type { AnswerPorts } from '../../shared/domain/kba/kba-ports.ts';
import type { NamePorts } from '../../shared/domain/names/person.ts';
import type { IssuePorts } from '../../shared/domain/otp/issue.ts';
import type { StartRecoveryPorts } from '../../shared/domain/recovery/start-recovery.ts';
import type { AuthorizationStore } from '../../shared/domain/sign-in-session/authorization.ts';
import type { SignInSessions } from '../../shared/domain/sign-in-session/session.ts';
import { environmentOf } from '../../shared/environment/configuration.ts';
import {
  clientNamesFrom,
  type EntraTenant,
  entraTenantsFrom,
} from '../../shared/environment/sign-in-clients.ts';
import { resolveLocale } from '../../shared/messages/texts.ts';
import type { Branding } from '../../shared/pages/sign-in-page.ts';
import { authorizationStore } from '../../shared/store/authorizations.ts';
import { channelHealth } from '../../shared/store/channel-health.ts';
import { rateLimiter } from '../../shared/store/rate-limiter.ts';
import { signInSessions } from '../../shared/store/sign-in-sessions.ts';

export interface Ports
  extends Omit<IssuePorts, 'queues'>,
    StartRecoveryPorts,
    AnswerPorts,
    RedeemPorts,
    NamePorts {
  readonly queues: LazyDeliveryQueues;
  readonly issuer: string;
  readonly signer: Signer;
  readonly sessions: SignInSessions;
  readonly authorizations: AuthorizationStore;
  readonly clientNames: ReadonlyMap<string, string>;
  readonly tenants: readonly EntraTenant[];
  readonly health: Pick<ChannelHealth, 'read'>;
  readonly branding: Branding;
}

const environment = environmentOf('sign-in');

/** What every page shows, also where nothing else could be reached. */
export const branding: Branding = {
  organisation: environment.ORGANISATION_NAME,
  supportContact: environment.SUPPORT_CONTACT,
  colour: environment.BRANDING_COLOUR,
  logo: environment.BRANDING_LOGO,
};
export const defaultLanguage = resolveLocale(environment.DEFAULT_LOCALE, 'en');
/** The origin of the API, which is the `issuer`. */
export const issuer = environment.ASSERTION_ISSUER;

export async function connect(): Promise<Ports> {
  const kms = kmsClient();
  const [core, assertions] = await Promise.all([
    corePorts(environment, kms),
    assertionPorts(kms, environment),
  ]);
  const { table, keyring } = core;
  const queues = lazyDeliveryQueues(environment);
  return {
    ...core,
    ...recoveryPorts(core, environment),
    limiter: rateLimiter(table),
    queues,
    voice: queues.voice,
    notices: lazyNoticeQueue(environment.NOTICE_QUEUE_URL),
    decoyEmailDomain: environment.DECOY_EMAIL_DOMAIN,
    defaultLocale: defaultLanguage,
    ...assertions,
    sessions: signInSessions(table, keyring),
    authorizations: authorizationStore(table, keyring),
    clientNames: clientNamesFrom(environment),
    tenants: entraTenantsFrom(environment),
    health: channelHealth(table),
    branding,
  };
}
