/** Translates the errors of all carriers into one closed set of refusals. */
import type { CarrierResult } from '../domain/delivery/carriers.ts';
import type { CarrierRefusal } from '../domain/faults.ts';

const refusals: Readonly<Record<string, CarrierRefusal>> = {
  // SNS
  ThrottledException: 'throttled',
  Throttling: 'throttled',
  ThrottlingException: 'throttled',
  TooManyRequestsException: 'throttled',
  OptedOutException: 'opted-out',
  OptedOut: 'opted-out',
  InvalidParameterException: 'permanent',
  InvalidParameter: 'permanent',
  InvalidParameterValue: 'permanent',
  ValidationException: 'permanent',
  AuthorizationErrorException: 'account-refused',
  UserErrorException: 'permanent',
  // SES
  MessageRejected: 'permanent',
  MailFromDomainNotVerifiedException: 'account-refused',
  ConfigurationSetDoesNotExistException: 'account-refused',
  AccessDenied: 'permanent',
  AccountSendingPausedException: 'spend-limit',
  ConfigurationSetSendingPausedException: 'spend-limit',
  // Connect
  DestinationNotAllowedException: 'destination-not-allowed',
  OutboundContactNotPermittedException: 'account-refused',
  LimitExceededException: 'throttled',
  InvalidRequestException: 'permanent',
  ResourceNotFoundException: 'account-refused',
  AccessDeniedException: 'account-refused',
  // any carrier
  TimeoutError: 'timeout',
  AbortError: 'timeout',
};

/**
 * Runs one request to a carrier and never throws.
 *
 * @param request resolves to the id by which the carrier says later what became of the message, if it does. An error
 * goes no further: its message may hold the address.
 */
export async function ask(request: () => Promise<string | undefined>): Promise<CarrierResult> {
  try {
    const messageId = await request();
    return { kind: 'accepted', ...(messageId === undefined ? {} : { messageId }) };
  } catch (error) {
    return { kind: 'refused', reason: refusalOf(error) };
  }
}

export function refusalOf(error: unknown): CarrierRefusal {
  if (!(error instanceof Error)) return 'fault';
  // Only the message distinguishes these three. SNS may name an opt-out like any invalid parameter. SES names a used up
  // daily quota like any throttling, and its own stop of an account like the rejection of one message.
  if (/opted out/i.test(error.message)) return 'opted-out';
  if (/daily message quota|spend(ing)? limit/i.test(error.message)) return 'spend-limit';
  if (/sending paused for this account/i.test(error.message)) return 'account-refused';
  return (Object.hasOwn(refusals, error.name) && refusals[error.name]) || 'fault';
}
