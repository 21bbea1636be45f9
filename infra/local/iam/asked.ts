/** What IAM is asked: may this role do this to that, and what is known about the request. */

/** Keys of conditions that can be judged here, and whether a request may hold several values of one. Every other key is
 * refused at start. Global keys:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
export const conditionKeys = {
  'aws:PrincipalAccount': 'one',
  'aws:PrincipalArn': 'one',
  'aws:SecureTransport': 'one',
  'aws:SourceAccount': 'one',
  'aws:SourceArn': 'one',
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
  'dynamodb:LeadingKeys': 'several',
  // https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
  'kms:CallerAccount': 'one',
  'kms:EncryptionContext:aws:logs:arn': 'one',
  'kms:ViaService': 'one',
  // https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-policy-examples.html
  'ses:FromAddress': 'one',
  'ses:Recipients': 'several',
} as const;

export type ConditionKey = keyof typeof conditionKeys;

/** Values by key; an absent key is one that AWS would not send either. */
export type Context = Readonly<Partial<Record<ConditionKey, readonly string[]>>>;

export interface Asked {
  /** `dynamodb:GetItem` */
  readonly action: string;
  /** ARN; absent where AWS has none, as for a phone number. */
  readonly resource: string | undefined;
  readonly context: Context;
}

export function isConditionKey(name: string): name is ConditionKey {
  return Object.hasOwn(conditionKeys, name);
}
