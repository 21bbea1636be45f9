/** What each operation asks of the AWS services, in order: the rows that fault and time-budget tests are made of. */

/** Services by their names on the wire. */
export const services = ['dynamodb', 'sqs', 'kms', 'states', 'sns', 'ses', 'connect'] as const;
export type Service = (typeof services)[number];

/** Requests to each service in the ordinary course: no race, no replay, keys derived already. */
export type Uses = Readonly<Partial<Record<Service, number>>>;

interface Row {
  readonly function: string;
  readonly uses: Uses;
  /** An `Idempotency-Key` costs one read more, before everything else. */
  readonly keyed?: true;
  /** The workflow moves on meanwhile: then the wire sees more requests than these. */
  readonly moves?: true;
}

/** Operations that a caller waits for. */
export const requested = {
  'start a challenge': { function: 'issue-otp', uses: { dynamodb: 3, sqs: 1 } },
  'resend a code': { function: 'issue-otp', uses: { dynamodb: 3, sqs: 1 } },
  'read a challenge': { function: 'issue-otp', uses: { dynamodb: 1 } },
  'verify the right code': { function: 'verify-otp', uses: { dynamodb: 1, kms: 1 } },
  'verify a wrong code': { function: 'verify-otp', uses: { dynamodb: 1 } },
  'ask questions': { function: 'kba-check', uses: { dynamodb: 2 } },
  'check right answers': { function: 'kba-check', uses: { dynamodb: 2, kms: 1 } },
  'check wrong answers': { function: 'kba-check', uses: { dynamodb: 1 } },
  'use a backup code': { function: 'verify-otp', uses: { dynamodb: 3, sqs: 1, kms: 1 } },
  'use a wrong backup code': { function: 'verify-otp', uses: { dynamodb: 2 } },
  'generate backup codes': { function: 'generate-backup-code', uses: { dynamodb: 3, sqs: 1 } },
  'count backup codes': { function: 'generate-backup-code', uses: { dynamodb: 1 } },
  'enrol a user': { function: 'users', uses: { dynamodb: 2 } },
  'change an address': { function: 'users', uses: { dynamodb: 2, sqs: 1 } },
  'unlock a user': { function: 'users', uses: { dynamodb: 2 } },
  'remove a user': { function: 'users', uses: { dynamodb: 2, sqs: 1 } },
  'start a recovery': { function: 'recovery', uses: { dynamodb: 1, states: 1 }, keyed: true, moves: true },
  'choose a path': { function: 'recovery', uses: { dynamodb: 2, states: 1 }, moves: true },
  'answer a step with answers': { function: 'kba-check', uses: { dynamodb: 3, states: 1 }, moves: true },
  'answer a step with a code': { function: 'verify-otp', uses: { dynamodb: 2, states: 1 }, moves: true },
  'answer a step with a backup code': {
    function: 'verify-otp',
    uses: { dynamodb: 5, sqs: 1, states: 1 },
    moves: true,
  },
  'read a finished recovery': { function: 'recovery', uses: { dynamodb: 2, kms: 1 } },
} as const satisfies Record<string, Row>;
export type Requested = keyof typeof requested;

export const rows: readonly (readonly [Requested, Row])[] = Object.entries(requested) as [Requested, Row][];
