/** The kinds of items in the table. A partition key begins with its kind, and IAM lets a function at its own kinds alone. */
export type ItemKind =
  | 'user'
  | 'name'
  | 'destination'
  | 'recovery'
  | 'dialogue'
  | 'quota'
  | 'sms'
  | 'outcomes'
  | 'breaker'
  | 'sign-in'
  | 'pushed-request'
  | 'authorization-code'
  | 'used-once'
  | 'certificate'
  | 'restrictions';

export const partitionKey = (kind: ItemKind, of: string): string => `${kind}#${of}`;
