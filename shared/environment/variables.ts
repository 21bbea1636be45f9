/** Names of the environment variables that the deployment sets and the functions read. */

const everyFunction = ['TABLE_NAME', 'FALLBACK_POLICY', 'PEPPER_KEYS'] as const;
const queues = ['SMS_QUEUE_URL', 'EMAIL_QUEUE_URL', 'CALL_QUEUE_URL', 'NOTICE_QUEUE_URL'] as const;
const recovering = ['RECOVERY_MACHINE_ARN'] as const;
const questions = ['QUESTIONS', 'DEFAULT_LOCALE'] as const;
const wording = ['ORGANISATION_NAME', 'SUPPORT_CONTACT', 'DEFAULT_LOCALE'] as const;
const carriers = [
  'SMS_ORIGIN_HOST',
  'SMS_SENDER_ID',
  'SMS_ORIGINATION_NUMBER',
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

/** What each function's environment holds; the stack sets exactly these and nothing else. */
export const functionEnvironment = {
  'issue-otp': [
    ...everyFunction,
    ...queues,
    ...recovering,
    'CLIENT_ID_CLAIM',
    'DEFAULT_LOCALE',
    'DECOY_EMAIL_DOMAIN',
  ],
  'verify-otp': [
    ...everyFunction,
    ...recovering,
    'CLIENT_ID_CLAIM',
    'SIGNING_KEYS',
    'ASSERTION_ISSUER',
    'NOTICE_QUEUE_URL',
  ],
  'kba-check': [
    ...everyFunction,
    ...recovering,
    'CLIENT_ID_CLAIM',
    'SIGNING_KEYS',
    'ASSERTION_ISSUER',
    ...questions,
  ],
  recovery: [
    ...everyFunction,
    ...recovering,
    'CLIENT_ID_CLAIM',
    'SIGNING_KEYS',
    'ASSERTION_ISSUER',
    'NOTICE_QUEUE_URL',
  ],
  'generate-backup-code': [...everyFunction, 'NOTICE_QUEUE_URL', 'CLIENT_ID_CLAIM'],
  users: [...everyFunction, 'NOTICE_QUEUE_URL', 'CLIENT_ID_CLAIM', 'CALL_QUEUE_URL', ...questions],
  policy: ['FALLBACK_POLICY', 'SIGNING_KEYS', 'ASSERTION_ISSUER', 'CLIENT_ID_CLAIM', 'CALL_QUEUE_URL'],
  deliver: [...everyFunction, ...queues, ...wording, ...carriers],
  'speak-otp': [...everyFunction, ...wording],
} as const;

export type FunctionName = keyof typeof functionEnvironment;
export type EnvironmentName<F extends FunctionName = FunctionName> = (typeof functionEnvironment)[F][number];

/** Variables that a deployment may leave out: without voice, own questions, sender id and the like. */
export const optionalEnvironment = [
  'CALL_QUEUE_URL',
  'QUESTIONS',
  'SMS_ORIGIN_HOST',
  'SMS_SENDER_ID',
  'SMS_ORIGINATION_NUMBER',
  'EMAIL_CONFIGURATION_SET',
  'CALL_MAX_PRICE_USD',
  'CONNECT_REGION',
  'CONNECT_INSTANCE_ID',
  'CONNECT_FLOW_ID',
  'CONNECT_QUEUE_ID',
  'CONNECT_SOURCE_NUMBER',
] as const satisfies readonly EnvironmentName[];
