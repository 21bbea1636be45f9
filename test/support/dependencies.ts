/** What each operation asks of the AWS services, in order: the rows that fault and time-budget tests are made of. */
import type { FunctionName } from '../../shared/environment/variables.ts';

/** Services by their names in the AWS emulator. */
export const services = ['dynamodb', 'sqs', 'kms', 'states', 'sns', 'ses', 'connect'] as const;
export type Service = (typeof services)[number];

/** Requests to each service in the ordinary course: no race, no replay, keys derived already. */
export type Uses = Readonly<Partial<Record<Service, number>>>;

interface Row {
  readonly function: FunctionName;
  readonly uses: Uses;
  /** Reads more that an `Idempotency-Key` costs, before everything else. */
  readonly keyed?: number;
  /** The workflow moves on meanwhile: then the emulator sees more requests than these. */
  readonly moves?: true;
}

/** Operations that a client waits for. */
export const requested = {
  'start a challenge': { function: 'issue-otp', uses: { dynamodb: 4, sqs: 1 } },
  'resend a code': { function: 'issue-otp', uses: { dynamodb: 3, sqs: 1 } },
  'read a challenge': { function: 'issue-otp', uses: { dynamodb: 1 } },
  'verify the right code': { function: 'verify-otp', uses: { dynamodb: 1, kms: 1 } },
  'verify a wrong code': { function: 'verify-otp', uses: { dynamodb: 1 } },
  'ask questions': { function: 'kba-check', uses: { dynamodb: 4 } },
  'check right answers': { function: 'kba-check', uses: { dynamodb: 3, sqs: 1, kms: 1 } },
  'check wrong answers': { function: 'kba-check', uses: { dynamodb: 2 } },
  'use a backup code': { function: 'verify-otp', uses: { dynamodb: 4, sqs: 1, kms: 1 } },
  'use a wrong backup code': { function: 'verify-otp', uses: { dynamodb: 3 } },
  'generate backup codes': { function: 'generate-backup-code', uses: { dynamodb: 9, sqs: 1 } },
  'count backup codes': { function: 'generate-backup-code', uses: { dynamodb: 3 } },
  'enrol a user': { function: 'users', uses: { dynamodb: 3 } },
  'change an address': { function: 'users', uses: { dynamodb: 3, sqs: 1 } },
  'unlock a user': { function: 'users', uses: { dynamodb: 9 } },
  'remove a user': { function: 'users', uses: { dynamodb: 4, sqs: 1 } },
  'start a recovery': { function: 'recovery', uses: { dynamodb: 6, states: 1 }, keyed: 4, moves: true },
  'choose a path': { function: 'recovery', uses: { dynamodb: 2, states: 1 }, moves: true },
  'answer a step with answers': { function: 'kba-check', uses: { dynamodb: 4, states: 1 }, moves: true },
  'answer a step with a code': { function: 'verify-otp', uses: { dynamodb: 2, states: 1 }, moves: true },
  'answer a step with a backup code': {
    function: 'verify-otp',
    uses: { dynamodb: 6, sqs: 1, states: 1 },
    moves: true,
  },
  'read a finished recovery': { function: 'recovery', uses: { dynamodb: 2, kms: 1 } },
} as const satisfies Record<string, Row>;
export type Requested = keyof typeof requested;

export const rows: readonly (readonly [Requested, Row])[] = Object.entries(requested) as [Requested, Row][];

interface Way {
  readonly function: FunctionName;
  readonly uses: Uses;
  /** Milliseconds of waiting for the workflow, which look on at least once. */
  readonly patience?: number;
}

/** How long the page tries to note that it met a fault. */
const noting = 1_000;

/** How long a request waits for the workflow's next step. */
const patience = 800;

/**
 * The longest ways through the functions: from a cold start (which derives keys, those of both kinds at once), with the read that says why a
 * write was refused, and with what is written after a fault. Races and replays, which repeat some of it, are left
 * out, and so are quotas that are nearly used up.
 */
export const longestWays: Readonly<Record<string, Way>> = {
  'a start whose message cannot be queued': { function: 'issue-otp', uses: { kms: 1, dynamodb: 7, sqs: 1 } },
  'the step of a recovery that sends a code': {
    function: 'issue-otp',
    uses: { kms: 1, dynamodb: 7, sqs: 1 },
  },
  'a backup code in a recovery, its reply lost': {
    function: 'verify-otp',
    uses: { kms: 1, dynamodb: 7, sqs: 1, states: 2 },
    patience,
  },
  'a backup code that signs in': { function: 'verify-otp', uses: { kms: 2, dynamodb: 5, sqs: 1 } },
  'answers in a recovery, their reply lost': {
    function: 'kba-check',
    uses: { kms: 1, dynamodb: 5, states: 2 },
    patience,
  },
  'answers that sign in': { function: 'kba-check', uses: { kms: 2, dynamodb: 4, sqs: 1 } },
  'the step of a recovery that asks': { function: 'kba-check', uses: { kms: 1, dynamodb: 5 } },
  'a recovery started under a key': {
    function: 'recovery',
    uses: { kms: 1, dynamodb: 10, states: 1 },
    patience,
  },
  'a path chosen under a key': {
    function: 'recovery',
    uses: { kms: 1, dynamodb: 7, states: 1 },
    patience,
  },
  'a recovery that is told of': { function: 'recovery', uses: { kms: 2, dynamodb: 6, sqs: 1 } },
  'backup codes whose notice cannot be queued': {
    function: 'generate-backup-code',
    uses: { kms: 1, dynamodb: 11, sqs: 1 },
  },
  'an unlocking that gives messages back': { function: 'users', uses: { kms: 1, dynamodb: 11, sqs: 1 } },
  // By an access token whose issuer is asked for its configuration, its keys, and its keys again.
  'a change by the directory that is told of': {
    function: 'scim',
    uses: { kms: 1, dynamodb: 7, sqs: 1 },
    patience: 3 * 3_000,
  },
  'a choice at a logon screen whose message cannot be queued': {
    function: 'windows',
    uses: { kms: 1, dynamodb: 7, sqs: 1 },
  },
  'a backup code at a logon screen': { function: 'windows', uses: { kms: 1, dynamodb: 5, sqs: 1 } },
  'questions chosen at a logon screen': {
    function: 'windows',
    uses: { kms: 1, dynamodb: 8, states: 1 },
    patience,
  },
  'the last answer at a logon screen': {
    function: 'windows',
    uses: { kms: 1, dynamodb: 7, states: 1 },
    patience,
  },
  'the public keys': { function: 'policy', uses: { kms: 1 } },
  'a code exchanged for a token': { function: 'oidc', uses: { kms: 3, dynamodb: 4 } },
  'a code of the page that cannot be queued': {
    function: 'sign-in',
    uses: { kms: 1, dynamodb: 7, sqs: 1 },
    patience: noting,
  },
  // Two of its reads are made at once.
  'a recovery begun on the page': {
    function: 'sign-in',
    uses: { kms: 1, dynamodb: 8, states: 1 },
    patience,
  },
  'a step of a recovery on the page': {
    function: 'sign-in',
    uses: { kms: 1, dynamodb: 7, states: 1 },
    patience,
  },
  'a code to be spoken': { function: 'speak-otp', uses: { kms: 1, dynamodb: 1 } },
  'an SMS that is refused and turned to the last method': {
    function: 'deliver',
    uses: { kms: 1, dynamodb: 12, sns: 1, sqs: 2 },
  },
  'a notice with a place of its kind alone': { function: 'deliver', uses: { kms: 1, dynamodb: 10, sns: 1 } },
  'a call that is tried again': { function: 'deliver', uses: { kms: 1, dynamodb: 11, connect: 1, sqs: 2 } },
  'what SNS says of a hundred SMS': { function: 'sms-status', uses: { sqs: 1 } },
  'an SMS that did not arrive and goes by the last method': {
    function: 'deliver',
    uses: { kms: 1, dynamodb: 9, sqs: 1 },
  },
  'an email that left': { function: 'deliver', uses: { kms: 1, dynamodb: 6, ses: 1, sqs: 1 } },
};
