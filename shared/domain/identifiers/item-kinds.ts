/** What an item of the table is of: its partition key begins with this, and functions are let at some of them alone. */
export const itemKinds = ['user', 'destination', 'recovery', 'quota', 'outcomes', 'breaker'] as const;
export type ItemKind = (typeof itemKinds)[number];

export const partitionKey = (kind: ItemKind, of: string): string => `${kind}#${of}`;
