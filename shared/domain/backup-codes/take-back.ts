/** Taking back codes that were made and shown to nobody, because what came after met a fault. */
import type { CodeBatch, CodeKind } from '../user-record/code-batch.ts';
import type { HelpDeskState, Proof } from '../user-record/help-desk-state.ts';
import { type Decision, updateUser } from '../user-record/update-user.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import type { BackupCodePorts } from './code-selector.ts';

/** Takes back codes that nobody was shown, so that the same request can make them. */
export async function takeBack(
  locator: string,
  { kind, request }: { readonly kind: CodeKind; readonly request: string },
  { batch, sendingId }: { readonly batch: CodeBatch; readonly sendingId: string },
  before: UserRecord | undefined,
  { users }: BackupCodePorts,
): Promise<void> {
  await updateUser(users, locator, (record): Decision<void> => {
    if (record.codeBatches[kind]?.id !== batch.id || before === undefined) return { outcome: undefined };
    const { [kind]: _, ...others } = record.codeBatches;
    const previous = before.codeBatches[kind];
    const codeBatches = previous === undefined ? others : { ...others, [kind]: previous };
    const { [batch.id]: _notice, [sendingId]: _codes, ...notices } = record.notices;
    const generations = record.generations.filter((earlier) => earlier.request !== request);
    const helpDesk = restored(record.helpDesk, before.helpDesk);
    return { outcome: undefined, after: { ...record, codeBatches, notices, generations, helpDesk } };
  });
}

/** The proofs that the batch used up are good again, and it does not count against the person's day. */
function restored(now: HelpDeskState, before: HelpDeskState): HelpDeskState {
  const wasGood = ({ id }: Proof) => before.proofs.some((proof) => proof.id === id && !proof.used);
  return {
    ...now,
    proofs: now.proofs.map((proof) => (wasGood(proof) ? { ...proof, used: undefined } : proof)),
    generated: before.generated,
  };
}
