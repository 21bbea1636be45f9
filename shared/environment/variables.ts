/** Names of the environment variables that the deployment sets and the functions read. */

/** Values of `AWS_CLIENT`: our steps in place of the SDK's, or the SDK's clients as they come. */
export const awsClients = ['trimmed', 'stock'] as const;

export type AwsClient = (typeof awsClients)[number];

/** `URL_SUFFIX` is the domain of the partition's endpoints; it is not everywhere amazonaws.com. */
const everyFunction = ['URL_SUFFIX', 'FALLBACK_POLICY', 'AWS_CLIENT'] as const;
const usersRecord = [
  ...everyFunction,
  'TABLE_NAME',
  'PEPPER_KEYS',
  'SAME_NAMES',
  'DECOYS',
  'VALID_SINCE',
] as const;
const queues = ['SMS_QUEUE_URL', 'EMAIL_QUEUE_URL', 'CALL_QUEUE_URL', 'NOTICE_QUEUE_URL'] as const;
const recovering = ['RECOVERY_MACHINE_ARN'] as const;
/** Of the functions that sign what they verified. */
const signing = ['SIGNING_KEYS', 'STATE_KEYS', 'ASSERTION_ISSUER'] as const;
const questions = ['QUESTIONS', 'DEFAULT_LOCALE'] as const;
const wording = ['ORGANISATION_NAME', 'SUPPORT_CONTACT', 'DEFAULT_LOCALE'] as const;
const branding = ['ORGANISATION_NAME', 'SUPPORT_CONTACT', 'BRANDING_COLOUR', 'BRANDING_LOGO'] as const;
const carriers = [
  'SMS_ORIGIN_HOST',
  'SMS_SENDER_ID',
  'SMS_ORIGINATION_NUMBER',
  'SMS_INDIA_ENTITY_ID',
  'SMS_INDIA_TEMPLATE_ID',
  'SMS_MAX_PRICE_USD',
  'CALL_MAX_PRICE_USD',
  'EMAIL_FROM',
  'EMAIL_CONFIGURATION_SET',
  'CONNECT_REGION',
  'CONNECT_INSTANCE_ID',
  'CONNECT_FLOW_ID',
  'CONNECT_QUEUE_ID',
  'CONNECT_SOURCE_NUMBER',
] as const;

/** The variables of each function. The stack sets exactly these. */
export const functionEnvironment = {
  'issue-otp': [
    'FRONT_SECRETS',
    ...usersRecord,
    ...queues,
    ...recovering,
    'CLIENT_ID_CLAIM',
    'OPERATOR_CLAIM',
    'DEFAULT_LOCALE',
    'DECOY_EMAIL_DOMAIN',
  ],
  'verify-otp': [
    'FRONT_SECRETS',
    ...usersRecord,
    ...recovering,
    'CLIENT_ID_CLAIM',
    ...signing,
    'NOTICE_QUEUE_URL',
  ],
  'kba-check': [
    'FRONT_SECRETS',
    ...usersRecord,
    ...recovering,
    'CLIENT_ID_CLAIM',
    ...signing,
    'NOTICE_QUEUE_URL',
    ...questions,
  ],
  recovery: [
    'FRONT_SECRETS',
    ...usersRecord,
    ...recovering,
    'CLIENT_ID_CLAIM',
    ...signing,
    'NOTICE_QUEUE_URL',
  ],
  windows: [
    'FRONT_SECRETS',
    ...usersRecord,
    ...queues,
    ...recovering,
    'STATE_KEYS',
    'DECOY_EMAIL_DOMAIN',
    'DEFAULT_LOCALE',
    'SUPPORT_CONTACT',
    'WINDOWS_GROUPS',
  ],
  'generate-backup-code': [
    'FRONT_SECRETS',
    ...usersRecord,
    'NOTICE_QUEUE_URL',
    'CALL_QUEUE_URL',
    'CLIENT_ID_CLAIM',
    'OPERATOR_CLAIM',
  ],
  users: [
    'FRONT_SECRETS',
    ...usersRecord,
    'NOTICE_QUEUE_URL',
    'CLIENT_ID_CLAIM',
    'OPERATOR_CLAIM',
    'FREE_OPERATORS',
    'CALL_QUEUE_URL',
    ...questions,
  ],
  scim: [
    'FRONT_SECRETS',
    ...usersRecord,
    'NOTICE_QUEUE_URL',
    'CALL_QUEUE_URL',
    'SCIM_CONNECTIONS',
    'TOKEN_ISSUER',
    'TOKEN_AUDIENCE',
    'CLIENT_ID_CLAIM',
  ],
  policy: [
    'FRONT_SECRETS',
    ...everyFunction,
    'TABLE_NAME',
    'SIGNING_KEYS',
    'ASSERTION_ISSUER',
    'CLIENT_ID_CLAIM',
    'CALL_QUEUE_URL',
  ],
  oidc: ['FRONT_SECRETS', ...usersRecord, 'SIGNING_KEYS', 'ASSERTION_ISSUER', 'OIDC_CLIENTS'],
  'sign-in': [
    'FRONT_SECRETS',
    ...usersRecord,
    ...queues,
    ...recovering,
    ...branding,
    'DEFAULT_LOCALE',
    'DECOY_EMAIL_DOMAIN',
    ...signing,
    'OIDC_CLIENT_NAMES',
    'ENTRA_TENANTS',
  ],
  deliver: [
    ...usersRecord,
    ...queues,
    'OUTCOME_QUEUE_URL',
    'PACES',
    'CALLS_AT_ONCE',
    'SMS_STATUS',
    ...wording,
    ...carriers,
    'ASSERTION_ISSUER',
  ],
  'speak-otp': [...usersRecord, ...wording],
  'sms-status': [...everyFunction, 'OUTCOME_QUEUE_URL'],
} as const;

export type FunctionName = keyof typeof functionEnvironment;
export type EnvironmentName<F extends FunctionName = FunctionName> = (typeof functionEnvironment)[F][number];

/** Variables that a deployment may leave out, for example if it has no voice or no questions of its own. */
export const optionalEnvironment = [
  'AWS_CLIENT',
  'BRANDING_COLOUR',
  'BRANDING_LOGO',
  'CALL_QUEUE_URL',
  'DECOYS',
  'ENTRA_TENANTS',
  'FRONT_SECRETS',
  'OIDC_CLIENTS',
  'OIDC_CLIENT_NAMES',
  'OPERATOR_CLAIM',
  'FREE_OPERATORS',
  'QUESTIONS',
  'SAME_NAMES',
  'VALID_SINCE',
  'SMS_ORIGIN_HOST',
  'SMS_STATUS',
  'SMS_SENDER_ID',
  'SMS_ORIGINATION_NUMBER',
  'SMS_INDIA_ENTITY_ID',
  'SMS_INDIA_TEMPLATE_ID',
  'EMAIL_CONFIGURATION_SET',
  'CALL_MAX_PRICE_USD',
  'CONNECT_REGION',
  'CONNECT_INSTANCE_ID',
  'CONNECT_FLOW_ID',
  'CONNECT_QUEUE_ID',
  'CONNECT_SOURCE_NUMBER',
] as const satisfies readonly EnvironmentName[];
