/** What carriers answer, in words of our own: a closed table from the names of their errors. */
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
  AuthorizationErrorException: 'permanent',
  UserErrorException: 'permanent',
  // SES
  MessageRejected: 'permanent',
  MailFromDomainNotVerifiedException: 'permanent',
  ConfigurationSetDoesNotExistException: 'permanent',
  AccessDenied: 'permanent',
  AccountSendingPausedException: 'spend-limit',
  ConfigurationSetSendingPausedException: 'spend-limit',
  // Connect
  DestinationNotAllowedException: 'destination-not-allowed',
  OutboundContactNotPermittedException: 'destination-not-allowed',
  LimitExceededException: 'throttled',
  InvalidRequestException: 'permanent',
  ResourceNotFoundException: 'permanent',
  AccessDeniedException: 'permanent',
  // any of them
  TimeoutError: 'timeout',
  AbortError: 'timeout',
};

/** Runs one request to a carrier. What it threw is never passed on: its message may hold the address. */
export async function ask(request: () => Promise<unknown>): Promise<CarrierResult> {
  try {
    await request();
    return { kind: 'accepted' };
  } catch (error) {
    return { kind: 'refused', reason: refusalOf(error) };
  }
}

export function refusalOf(error: unknown): CarrierRefusal {
  if (!(error instanceof Error)) return 'fault';
  // Only the message tells these two apart: SNS may name the first as any invalid parameter, SES names a day's
  // quota as any throttling.
  if (/opted out/i.test(error.message)) return 'opted-out';
  if (/daily message quota|spend(ing)? limit/i.test(error.message)) return 'spend-limit';
  return (Object.hasOwn(refusals, error.name) && refusals[error.name]) || 'fault';
}
