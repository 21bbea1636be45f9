/** How long each AWS service may take to answer, and how often it is asked. */

/** By their names in a signature. */
export type AwsService = 'dynamodb' | 'sqs' | 'kms' | 'sns' | 'ses' | 'connect' | 'states';

export interface TimeBudget {
  /** Milliseconds of one try. */
  readonly requestMilliseconds: number;
  /** Tries, the first included. */
  readonly tries: number;
}

/**
 * All that one request asks of these services together fits into the time-out of its function. Carriers get one
 * try: the queue repeats them, and a carrier may have taken a message although its answer came too late.
 */
export const timeBudgets = {
  dynamodb: { requestMilliseconds: 700, tries: 3 },
  sqs: { requestMilliseconds: 1_000, tries: 2 },
  kms: { requestMilliseconds: 1_000, tries: 2 },
  sns: { requestMilliseconds: 4_000, tries: 1 },
  ses: { requestMilliseconds: 4_000, tries: 1 },
  connect: { requestMilliseconds: 4_000, tries: 1 },
  states: { requestMilliseconds: 1_000, tries: 2 },
} as const satisfies Record<AwsService, TimeBudget>;
