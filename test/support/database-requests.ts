/** What each operation asks of DynamoDB: the figures of docs/architecture.md, which tests count at the wire. */

/** By operation of DynamoDB, in the ordinary course: no race, no replay. */
type Requests = Readonly<Partial<Record<'GetItem' | 'PutItem' | 'UpdateItem', number>>>;

/** The page's rows, with a figure for each case that the row tells apart by a slash. */
export const databaseRequests = {
  'verify a code, right or wrong': [{ UpdateItem: 1 }],
  'verify, refused (expired, exhausted, throttled, superseded)': [{ GetItem: 1, UpdateItem: 1 }],
  'verify with an id that cannot be one': [{}],
  'start a challenge': [{ GetItem: 2, UpdateItem: 2 }],
  'start, the destination filled by others': [{ GetItem: 2, UpdateItem: 2 }],
  'start, all messages of the name used up': [{ GetItem: 2 }],
  'start again during the resend cooldown or under its key': [{ GetItem: 2 }],
  'resend / during the cooldown': [{ GetItem: 1, UpdateItem: 2 }, { GetItem: 1 }],
  'read the status': [{ GetItem: 1 }],
  'ask security questions': [{ GetItem: 3, UpdateItem: 1 }],
  'check answers, wrong / right': [
    { GetItem: 1, UpdateItem: 1 },
    { GetItem: 1, UpdateItem: 2 },
  ],
  'make backup codes': [{ GetItem: 5, UpdateItem: 4 }],
  'count backup codes': [{ GetItem: 3 }],
  'redeem a backup code, wrong / right': [
    { GetItem: 2, UpdateItem: 1 },
    { GetItem: 2, UpdateItem: 2 },
  ],
  'start a recovery / under a key': [
    { GetItem: 3, UpdateItem: 2, PutItem: 1 },
    { GetItem: 7, UpdateItem: 2, PutItem: 2 },
  ],
  'deliver an email / to a number / a call': [
    { GetItem: 1, UpdateItem: 5 },
    { GetItem: 2, UpdateItem: 7 },
    { GetItem: 2, UpdateItem: 8 },
  ],
  'words that a call asks for': [{ GetItem: 1 }],
  'an SMS that others left no room for, until it is turned to email': [{ GetItem: 2, UpdateItem: 5 }],
  'deliver a notice by email / to a number': [{ UpdateItem: 6 }, { GetItem: 1, UpdateItem: 8 }],
  'an SMS whose fate SNS tells / what it tells: arrived / lost': [
    { UpdateItem: 1 },
    { GetItem: 1 },
    { GetItem: 2, UpdateItem: 3 },
  ],
  'outcome of a message to a number': [{ GetItem: 1, UpdateItem: 2 }],
} as const satisfies Readonly<Record<string, readonly Requests[]>>;

/** All requests together. */
export function totalOf(requests: Requests): number {
  return Object.values(requests).reduce((sum, count) => sum + count, 0);
}

/** The requests of things that happen one after the other. */
export function together(...each: readonly Requests[]): Requests {
  const sum: Record<string, number> = {};
  for (const [operation, count] of each.flatMap((one) => Object.entries(one)))
    sum[operation] = (sum[operation] ?? 0) + count;
  return sum;
}
