/** The bodies of requests and answers about backup codes. */
import * as z from 'zod/mini';
import { readBackupCode } from '../domain/backup-codes/backup-code.ts';
import type { CodeCount, CodeCounts } from '../domain/backup-codes/count-codes.ts';
import { proofs } from './help-desk.ts';
import { operator, reason, ticket } from './operator.ts';
import { optional } from './optional.ts';
import { timestamp } from './timestamp.ts';
import { askedUserId } from './user-id.ts';

const codeShape = 'Send the 16 letters and digits of the code as a string.';

const whose = 'Send either userId or recoveryId.';

export const redeemBody = z
  .strictObject({
    userId: optional(askedUserId),
    recoveryId: optional(z.string({ error: whose }).check(z.maxLength(64, whose))),
    code: z.pipe(
      z.string({ error: codeShape }).check(z.maxLength(64, codeShape)),
      z.transform((typed: string, context) => {
        const code = readBackupCode(typed);
        if (code !== undefined) return code;
        context.issues.push({ code: 'custom', message: codeShape, input: typed });
        return z.NEVER;
      }),
    ),
  })
  .check(z.refine(({ userId, recoveryId }) => (userId === undefined) !== (recoveryId === undefined), whose));

const countShape = 'Use a whole number from 1 to 20.';
const lifetimeShape = 'Use seconds from 60 to 604800, seven days.';

export const generateBody = z.strictObject({
  kind: z.enum(['one-time', 'static'], { error: 'Use one of one-time, static.' }),
  count: optional(z.int({ error: countShape }).check(z.minimum(1, countShape), z.maximum(20, countShape))),
  expiresInSeconds: optional(
    z.int({ error: lifetimeShape }).check(z.minimum(60, lifetimeShape), z.maximum(604_800, lifetimeShape)),
  ),
  operator,
  reason,
  ticket,
  proofs,
});

/** The counts of each kind with who had the codes generated, and the latest generations. */
export function countsBody({ generations, refusals, ...counts }: CodeCounts) {
  return {
    static: countBody(counts.static),
    'one-time': countBody(counts['one-time']),
    generations: generations.map(({ kind, count, ...generation }) => ({
      kind,
      count,
      ...generationBody(generation),
    })),
    refusals: refusals.map(({ at, ...refused }) => ({ refusedAt: timestamp(at), ...refused })),
  };
}

function countBody({ expiresAt, generation, ...count }: CodeCount) {
  return {
    ...count,
    ...(expiresAt === undefined ? {} : { expiresAt: timestamp(expiresAt) }),
    ...(generation && generationBody(generation)),
  };
}

function generationBody({
  at,
  client,
  operator,
  operatorReference,
  reason,
  ticket,
}: Omit<CodeCounts['generations'][number], 'batch' | 'kind' | 'count'>) {
  return { generatedAt: timestamp(at), client, operator, operatorReference, reason, ticket };
}
