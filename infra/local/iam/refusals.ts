/** How a refusal is worded: in the answer as the service does, on the console with what to do. */
import { ServiceError } from '../aws/service-error.ts';
import type { AwsService } from '../aws/services.ts';
import type { Asked } from './asked.ts';
import type { Decision } from './decision.ts';

export type Refused = Extract<Decision, { kind: 'refused' }>;

interface Form {
  readonly code: string;
  readonly status: number;
  /** In the older query protocol. */
  readonly queryCode?: string;
}

/** Codes as the services write them. JSON:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 * SNS: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors */
const forms: Readonly<Record<AwsService, Form>> = {
  sns: { code: 'AuthorizationError', status: 403 },
  ses: { code: 'AccessDenied', status: 403 },
  connect: { code: 'AccessDeniedException', status: 403 },
  dynamodb: { code: 'AccessDeniedException', status: 400 },
  sqs: { code: 'AccessDeniedException', status: 400, queryCode: 'AccessDenied' },
  kms: { code: 'AccessDeniedException', status: 400 },
  secretsmanager: { code: 'AccessDeniedException', status: 400 },
  states: { code: 'AccessDeniedException', status: 400 },
};

export function accessDenied(service: AwsService, message: string): ServiceError {
  const { code, ...details } = forms[service];
  return new ServiceError(code, message, details);
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
export function messageOf(user: string, asked: Asked, { isExplicit, by }: Refused): string {
  const resource = asked.resource === undefined ? '' : ` on resource: ${asked.resource}`;
  const article = by === 'identity-based' ? 'an' : 'a';
  const why = isExplicit
    ? `with an explicit deny in ${article} ${by} policy`
    : `because no ${by} policy allows the ${asked.action} action`;
  return `User: ${user} is not authorized to perform: ${asked.action}${resource} ${why}`;
}

/** For the console: `deliver may not ses:SendEmail on …`. Names conditions but no value of a request. */
export function adviceFor(who: string, place: string, { action, resource }: Asked, refused: Refused): string {
  const where = resource === undefined ? '' : ` on ${resource}`;
  const { isExplicit, by, unmet } = refused;
  const policies =
    by === 'identity-based' ? `the policies of ${place}` : `the policy of ${resource ?? 'the resource'}`;
  if (isExplicit) return `${who} may not ${action}${where}. Next: look for the Deny in ${policies}.`;
  if (unmet.length > 0) {
    return `${who} may not ${action}${where}: the condition on ${unmet.join(', ')} does not hold. Next: compare the grant in ${policies} with the request.`;
  }
  return `${who} may not ${action}${where}. Next: grant that action on that resource in ${policies}.`;
}
