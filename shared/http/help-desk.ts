/** The bodies of requests and answers of the help desk: verifying a caller, approving, the proofs of an act. */
import * as z from 'zod/mini';
import type { DeliveryNote } from '../domain/delivery/delivery-log.ts';
import { helpDeskActs } from '../domain/user-record/help-desk-state.ts';
import { operator, reason, ticket } from './operator.ts';
import { optional } from './optional.ts';
import { verifyBody } from './otp-challenges.ts';
import { timestamp } from './timestamp.ts';

export const callerBody = z.strictObject({ operator, ticket });

export const callerVerificationId = z.string();
export const callerPath = z.object({ callerVerificationId });

/** As people read it out, in the form of any code. */
export const callerCodeBody = z.strictObject({ code: verifyBody.shape.code });

const actShape = `Use one of ${helpDeskActs.join(', ')}.`;
export const approvalBody = z.strictObject({
  operator,
  reason,
  ticket,
  for: z.enum(helpDeskActs, { error: actShape }),
});

const proofShape = 'Use a proof as it was given.';
/** More than any act needs: a caller's and two approvals. */
const mostProofs = 4;

export const proofs = optional(
  z
    .array(z.string({ error: proofShape }).check(z.maxLength(64, proofShape)), {
      error: 'Use a list of proofs.',
    })
    .check(z.maxLength(mostProofs, `Use at most ${mostProofs} proofs.`)),
);

export function deliveriesBody(notes: readonly DeliveryNote[]) {
  return { deliveries: notes.map(({ at, ...note }) => ({ at: timestamp(at), ...note })) };
}

interface StartedVerification {
  readonly challengeId: string;
  readonly destination: string;
  readonly expiresAt: number;
}

export function callerVerificationBody({ challengeId, destination, expiresAt }: StartedVerification) {
  return { callerVerificationId: challengeId, destination, expiresAt: timestamp(expiresAt) };
}
