/** What an item of the table is of: its partition key begins with this, and functions are let at some of them alone. */
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
