/**
 * Refusals by the state of the AWS account, as on its first day, or after a change of a quota, a key or a permission.
 * Each answers with the error of AWS, so that code meets it here first.
 */
import { type ErrorDetails, ServiceError } from './service-error.ts';

/** Meets every request to the service. */
export interface RequestFault {
  readonly about: string;
  readonly error: () => ServiceError;
}

/** Meets a message by whom it goes to. */
export interface DeliveryFault {
  readonly about: string;
  /** Absent: the service accepts the message and drops it. */
  readonly error?: (to: string) => ServiceError;
  /** What SNS writes into its log of a message that it dropped: `providerResponse`. */
  readonly logged?: string;
}

const refusal = (code: string, message: string, details?: ErrorDetails) => () =>
  new ServiceError(code, message, details);

const sesIdentity = 'arn:aws:ses:eu-central-1:000000000000:identity';
const caller = 'arn:aws:sts::000000000000:assumed-role/deliver/deliver';

const requestFaults = {
  // https://docs.aws.amazon.com/ses/latest/APIReference/API_SendEmail.html#API_SendEmail_Errors
  ses: {
    'account-paused': {
      about: 'sending is switched off for the account',
      error: refusal('AccountSendingPausedException', 'Email sending is disabled for your account.'),
    },
    // The same page; the text is AWS's own when its reviewers stop an account, with the code of any rejection.
    'account-under-review': {
      about: 'AWS itself has stopped the account',
      error: refusal(
        'MessageRejected',
        'Sending paused for this account. For more information, please check the inbox of the email address associated with your AWS account.',
      ),
    },
    // https://repost.aws/knowledge-center/ses-554-400-message-rejected-error
    'sender-not-verified': {
      about: 'the sender is not verified in this region',
      error: refusal(
        'MessageRejected',
        'Email address is not verified. The following identities failed the check in region EU-CENTRAL-1: no-reply@example.com',
      ),
    },
    // https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html
    'rate-exceeded': {
      about: 'more emails a second than the account may send',
      error: refusal('Throttling', 'Maximum sending rate exceeded.'),
    },
    'daily-quota': {
      about: 'more emails in 24 hours than the account may send',
      error: refusal('Throttling', 'Daily message quota exceeded.'),
    },
  },
  // https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors
  sns: {
    'access-denied': {
      about: 'the role may not publish',
      error: refusal('AuthorizationError', `User: ${caller} is not authorized to perform: SNS:Publish`, {
        status: 403,
      }),
    },
    // https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html
    'rate-exceeded': {
      about: 'more messages a second than the account may publish',
      error: refusal('Throttling', 'Rate exceeded'),
    },
  },
  // https://docs.aws.amazon.com/connect/latest/APIReference/API_StartOutboundVoiceContact.html
  connect: {
    quota: {
      about: 'more calls than the instance may hold',
      error: refusal('LimitExceededException', 'The allowed limit for the resource has been exceeded.', {
        status: 429,
      }),
    },
    'instance-not-found': {
      about: 'instance, flow or queue is not there',
      error: refusal('ResourceNotFoundException', 'The specified resource was not found.', { status: 404 }),
    },
    'access-denied': {
      about: 'the role may not start calls',
      error: refusal(
        'AccessDeniedException',
        `User: ${caller} is not authorized to perform: connect:StartOutboundVoiceContact`,
        { status: 403 },
      ),
    },
  },
  // https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html: notes 1 and 3 have the texts
  kms: {
    'key-disabled': {
      about: 'somebody has disabled the key',
      error: refusal('DisabledException', 'The key is disabled.'),
    },
    'key-pending-deletion': {
      about: 'somebody has scheduled the deletion of the key',
      error: refusal('KMSInvalidStateException', 'The key is pending deletion.'),
    },
    // https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html
    'access-denied': {
      about: 'neither key policy nor role allows the request',
      error: refusal(
        'AccessDeniedException',
        `User: ${caller} is not authorized to perform: kms:GenerateMac because no resource-based policy allows it`,
      ),
    },
    // https://docs.aws.amazon.com/kms/latest/developerguide/throttling.html
    'rate-exceeded': {
      about: 'more requests a second than account and region share',
      error: refusal(
        'ThrottlingException',
        'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.',
      ),
    },
  },
} as const satisfies Record<string, Readonly<Record<string, RequestFault>>>;

const deliveryFaults = {
  ses: {
    // https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html
    sandbox: {
      about: 'the account is in the sandbox: only the addresses and domains in `verified` get emails',
      error: (to: string) =>
        new ServiceError(
          'MessageRejected',
          `Email address is not verified. The following identities failed the check in region EU-CENTRAL-1: ${to}`,
        ),
    },
    // Undocumented, and often met: SES authorizes the recipient's identity, too, where the account has one.
    // https://github.com/cloudposse/terraform-aws-ses/issues/40
    'recipient-not-authorized': {
      about: 'the role may not send to the recipient’s identity; `verified` are those that it may',
      error: (to: string) =>
        new ServiceError(
          'AccessDenied',
          `User \`${caller}' is not authorized to perform \`ses:SendEmail' on resource \`${sesIdentity}/${to}'`,
          { status: 403 },
        ),
    },
  },
  sns: {
    // https://docs.aws.amazon.com/sns/latest/dg/sms_stats_cloudwatch.html: reasons of failures after `Publish` said yes
    'accept-and-drop': {
      about: 'SNS says yes and sends nothing, as when a carrier blocks the message',
      logged: 'Blocked as spam by phone carrier',
    },
    // https://docs.aws.amazon.com/sns/latest/api/API_SetSMSAttributes.html: it stops sending, and goes on accepting
    'spend-limit': {
      about: 'the month’s money is spent: SNS says yes and sends nothing',
      logged: 'No quota left for account',
    },
    // The page of sms_stats_cloudwatch has the text.
    'over-price': {
      about: 'the message would cost more than it may: SNS says yes and sends nothing',
      logged: 'This delivery would exceed max price',
    },
    // https://docs.aws.amazon.com/sns/latest/dg/sms_manage.html#sms_manage_optout; the code is that of OptedOutException
    'opted-out': {
      about: 'the number has opted out of messages',
      error: () => new ServiceError('OptedOut', 'The phone number is opted out.'),
    },
  },
  connect: {
    // https://docs.aws.amazon.com/connect/latest/APIReference/API_StartOutboundVoiceContact.html
    'destination-not-allowed': {
      about: 'calls to the country are not allowed on the instance',
      error: () =>
        new ServiceError(
          'DestinationNotAllowedException',
          'Outbound calls to the destination number are not allowed.',
          { status: 403 },
        ),
    },
    'outbound-not-permitted': {
      about: 'the instance makes no outbound calls',
      error: () =>
        new ServiceError('OutboundContactNotPermittedException', 'The contact is not permitted.', {
          status: 403,
        }),
    },
  },
} as const satisfies Record<string, Readonly<Record<string, DeliveryFault>>>;

type NamesIn<T> = { [Service in keyof T]: keyof T[Service] }[keyof T];
export type RequestFaultName = NamesIn<typeof requestFaults>;
export type DeliveryFaultName = NamesIn<typeof deliveryFaults>;

export function requestFault(service: string, name: string): RequestFault | undefined {
  return find<RequestFault>(requestFaults, service, name);
}

export function deliveryFault(service: string, name: string): DeliveryFault | undefined {
  return find<DeliveryFault>(deliveryFaults, service, name);
}

/** Names of the faults that only this service has, and what each means. */
export function accountFaultsOf(
  service: string,
): readonly { readonly name: string; readonly about: string }[] {
  const tables: Tables<RequestFault | DeliveryFault>[] = [requestFaults, deliveryFaults];
  return tables.flatMap((table) =>
    Object.entries(table[service] ?? {}).map(([name, { about }]) => ({ name, about })),
  );
}

type Tables<Fault> = Readonly<Record<string, Readonly<Record<string, Fault>>>>;

function find<Fault>(tables: Tables<Fault>, service: string, name: string): Fault | undefined {
  const table = Object.hasOwn(tables, service) ? tables[service] : undefined;
  return table !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
}
