/** The values of all functions' variables: the stage's fields, and the names that AWS gives the parts. */
import { Aws } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { callsAtOnce } from '../configuration/paces.ts';
import { questionsVariable } from '../configuration/questions.ts';
import { entraClouds } from '../configuration/sign-in-rules.ts';
import type { Stage } from '../configuration/stage.ts';
import type { DeliveryQueues } from './delivery.ts';
import type { Variables } from './functions.ts';
import { type Keys, keyList } from './keys.ts';
import { RecoveryWorkflow } from './recovery.ts';
import { senderOf } from './sender.ts';
import type { Tokens } from './tokens.ts';

interface NamedParts {
  readonly keys: Keys;
  readonly table: ITable;
  readonly queues: DeliveryQueues;
  readonly tokens: Tokens;
  readonly api: HttpApi;
  readonly origin: string;
}

/** Each function takes those that it declares; what a stage leaves out has no variable. */
export function variablesOf(scope: Construct, stage: Stage, parts: NamedParts): Variables {
  return defined({
    ...namesOf(parts),
    ASSERTION_ISSUER: parts.origin,
    ...carriersOf(stage),
    ...wordingOf(stage),
    // The local stack alone: anywhere else one client could approve of its own acts.
    FREE_OPERATORS: stage.name === 'local' ? 'yes' : undefined,
    URL_SUFFIX: Aws.URL_SUFFIX,
    AWS_CLIENT: stage.awsClient,
    FALLBACK_POLICY: JSON.stringify(stage.policy),
    QUESTIONS: stage.questions && questionsVariable(stage.questions),
    FRONT_SECRETS: stage.front?.secretSha256.join(','),
    VALID_SINCE: stage.validSince,
    SAME_NAMES: stage.names && JSON.stringify(stage.names.same),
    DECOYS: stage.decoys && JSON.stringify(stage.decoys),
    DECOY_EMAIL_DOMAIN: stage.organisation.emailDomain,
    ...doorOf(stage),
    RECOVERY_MACHINE_ARN: RecoveryWorkflow.arnIn(scope),
  });
}

function namesOf({ keys, table, queues, tokens }: NamedParts) {
  return {
    TABLE_NAME: table.tableName,
    PEPPER_KEYS: keyList(keys.pepper),
    SIGNING_KEYS: keyList(keys.signing),
    STATE_KEYS: keyList(keys.state),
    TOKEN_ISSUER: tokens.issuerUrl,
    TOKEN_AUDIENCE: JSON.stringify(tokens.audience),
    CLIENT_ID_CLAIM: tokens.clientIdClaim,
    OPERATOR_CLAIM: tokens.operatorClaim,
    SMS_QUEUE_URL: queues.url('sms'),
    EMAIL_QUEUE_URL: queues.url('email'),
    CALL_QUEUE_URL: queues.url('call'),
    NOTICE_QUEUE_URL: queues.url('notice'),
    OUTCOME_QUEUE_URL: queues.url('outcome'),
    PACES: queues.paces(),
  };
}

function carriersOf({ sms, email, voice, delivery }: Stage) {
  return {
    CALLS_AT_ONCE: String(callsAtOnce(delivery)),
    SMS_ORIGIN_HOST: sms.originHost,
    SMS_STATUS: sms.deliveryStatus ? 'yes' : undefined,
    SMS_SENDER_ID: sms.senderId,
    SMS_ORIGINATION_NUMBER: sms.originationNumber,
    SMS_MAX_PRICE_USD: String(sms.maxPriceUsd),
    SMS_INDIA_ENTITY_ID: sms.india?.entityId,
    SMS_INDIA_TEMPLATE_ID: sms.india?.templateId,
    EMAIL_FROM: senderOf({ email }).header,
    EMAIL_CONFIGURATION_SET: email.configurationSet,
    CALL_MAX_PRICE_USD: voice?.maxPriceUsd?.toString(),
    CONNECT_REGION: voice?.region,
    CONNECT_INSTANCE_ID: voice?.instanceId,
    CONNECT_QUEUE_ID: voice?.queueId,
    CONNECT_SOURCE_NUMBER: voice?.sourcePhoneNumber,
  };
}

function wordingOf({ organisation }: Stage) {
  return {
    ORGANISATION_NAME: organisation.name,
    SUPPORT_CONTACT: organisation.supportContact,
    DEFAULT_LOCALE: organisation.defaultLocale,
  };
}

/** Who the sign-in page answers, and what it looks like. The page needs no more of a client than its name. */
function doorOf({ oidc, entra, branding }: Stage) {
  const names = oidc?.clients.map(({ id, name }) => [id, name]);
  return {
    OIDC_CLIENTS: oidc && JSON.stringify(oidc.clients),
    OIDC_CLIENT_NAMES: names && JSON.stringify(Object.fromEntries(names)),
    ENTRA_TENANTS: entra && JSON.stringify(entra.tenants.map(completed)),
    BRANDING_COLOUR: branding?.colour,
    BRANDING_LOGO: branding?.logo,
  };
}

const [usualRedirectUri] = Object.keys(entraClouds);

/** Where the answer goes, and who signs the hints of a tenant of that cloud. */
function completed({ redirectUri = usualRedirectUri as string, ...tenant }: EntraTenantEntry) {
  const authority = entraClouds[redirectUri as keyof typeof entraClouds];
  return { authority, redirectUri, ...tenant };
}

type EntraTenantEntry = NonNullable<Stage['entra']>['tenants'][number];

function defined(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
