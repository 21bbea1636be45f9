/** Changing a user's record by a decision: read, decide, write on the condition that nothing came between. */
import { Unavailable } from '../faults.ts';
import { newRequestId } from '../identifiers/request-id.ts';
import { bounded } from './bounded-lists.ts';
import { blankRecord, type UserRecord } from './user-record.ts';
import type { UserStore } from './user-store.ts';

/** Rounds of reading again after losing a race. */
const mostRounds = 6;

/** What a decision comes to: its outcome, and the record that makes it true, where something must change. */
export interface Decision<Outcome> {
  readonly outcome: Outcome;
  readonly after?: UserRecord | undefined;
}

interface UpdateOptions<D extends Decision<unknown>> {
  /** The record as the caller has just had it; saves the first read. */
  readonly from?: UserRecord;
  /** Counts what the decision would cause, ahead of each write; may change what is written, and not the outcome. */
  readonly admit?: (decision: D) => Promise<D>;
  /** The same, and may refuse it with an outcome of its own. */
  readonly limit?: (decision: D) => Promise<D['outcome'] | undefined>;
  /** Writes down what the decision is about to do, ahead of each write. */
  readonly audit?: (decision: D) => Promise<void>;
}

/**
 * Reads, decides and writes, and decides anew when another write came first. The record names its last writer, so a
 * write whose reply was lost is recognised as made.
 *
 * @param decide pure: from a record to an outcome and, where something must change, the record after it
 * @throws {Unavailable} after losing six races
 */
export async function updateUser<D extends Decision<unknown>>(
  users: UserStore,
  locator: string,
  decide: (record: UserRecord) => D,
  { from, admit, limit, audit }: UpdateOptions<D> = {},
): Promise<{ readonly outcome: D['outcome']; readonly decision?: D; readonly record: UserRecord }> {
  let attempted: { readonly writer: string; readonly decision: D } | undefined;
  for (let round = 0; round < mostRounds; round += 1) {
    const known = round === 0 ? from : undefined;
    const record = known ?? (await users.read(locator)) ?? blankRecord(locator);
    if (attempted !== undefined && record.writer === attempted.writer) {
      return { outcome: attempted.decision.outcome, decision: attempted.decision, record };
    }
    const decided = decide(record);
    const decision = admit ? await admit(decided) : decided;
    const refusal = await limit?.(decision);
    if (refusal !== undefined) return { outcome: refusal, record };
    if (decision.after === undefined) return { outcome: decision.outcome, decision, record };
    await audit?.(decision);
    attempted = { writer: newRequestId(), decision };
    if (await users.write(record, { ...bounded(decision.after), writer: attempted.writer })) {
      return { outcome: decision.outcome, decision, record: decision.after };
    }
  }
  throw new Unavailable('raced-user-record');
}
