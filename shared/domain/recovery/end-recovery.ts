/** Ending a recovery: what it comes to, whom it succeeded for, and telling that person everywhere. */

import { enrolledName } from '../contact/enrolled-name.ts';
import { enqueueNotices, withNotices } from '../contact/notices.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { StateKeys } from '../crypto/state-keys.ts';
import { ForgedState, type StateKind } from '../faults.ts';
import { answersTo, type NamePorts } from '../names/person.ts';
import type { NoticeQueue } from '../queues/messages.ts';
import { updateUser } from '../user-record/update-user.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import type { UserStore } from '../user-record/user-store.ts';
import { challengeOf } from './answer-step.ts';
import { answersOf } from './answered-steps.ts';
import { authenticRecovery, confirmRecovery } from './authentic-recovery.ts';
import { changeRecovery } from './change-recovery.ts';
import { hasEveryProof } from './proven-steps.ts';
import type { Recovery, RecoveryPorts, RecoveryStatus } from './recovery.ts';
import { isStoppedSince } from './stopped-since.ts';

export interface EndPorts extends RecoveryPorts, Pick<NamePorts, 'sameNames'> {
  readonly users: UserStore;
  readonly notices: NoticeQueue;
  readonly keyring: Keyring;
  readonly stateKeys: StateKeys;
}

type Ending = Exclude<RecoveryStatus, 'pending'>;

export interface EndedRecovery {
  readonly recovery: Recovery;
  /** State that nobody of ours wrote, for which it failed. */
  readonly forged?: StateKind | undefined;
}

/**
 * Ends a recovery as the workflow wants it, or worse: time may have run out while its last step was on the way, and the
 * person may have been removed or disabled since. It succeeds if every answer stands in the person's record, whatever
 * its own item says. One that has ended stays as it ended.
 *
 * @returns the recovery as it ended, or `undefined` when there is none
 */
export async function endRecovery(
  id: string,
  wanted: Ending,
  ports: EndPorts,
): Promise<EndedRecovery | undefined> {
  const record = wanted === 'succeeded' ? await recordFor(id, ports) : undefined;
  let forged: StateKind | undefined;
  const recovery = await changeRecovery(
    id,
    (found) => {
      const end = decideEnd(found, wanted, ports.clock.now());
      if (end.status !== 'succeeded') return end;
      const judged = judgeSuccess(found, end, record, ports);
      forged = judged.forged;
      return judged.end;
    },
    ports,
  );
  if (recovery?.status === 'succeeded') await notifySuccess(recovery, ports);
  return recovery && { recovery, forged };
}

interface Judged {
  readonly end: Partial<Recovery>;
  readonly forged?: StateKind | undefined;
}

/** For somebody who still may sign in, and whose record proves each step. */
function judgeSuccess(
  found: Recovery,
  end: Partial<Recovery>,
  record: UserRecord | undefined,
  ports: EndPorts,
): Judged {
  const { keyring, stateKeys } = ports;
  const failed = { ...end, status: 'failed' } as const;
  try {
    confirmRecovery(found, stateKeys);
    const subject = record && enrolledName(record, keyring);
    const { answered = [] } = end;
    if (record === undefined || subject === undefined) return { end: failed };
    // The name that was asked must still be theirs.
    if (!answersTo(record, found.userId, ports)) return { end: failed };
    if (isStoppedSince(found, record, keyring)) return { end: failed };
    if (!hasEveryProof(found, answered, record, { keyring, stateKeys })) return { end: failed };
    const succeeded = { ...end, subject, revision: found.revision + 1 };
    const { mac } = authenticRecovery({ ...found, ...succeeded }, stateKeys);
    return { end: { ...succeeded, mac } };
  } catch (error) {
    if (error instanceof ForgedState) return { end: failed, forged: error.state };
    throw error;
  }
}

/** A success that came too late has timed out; one with a step left out has failed. */
export function decideEnd(found: Recovery, wanted: Ending, now: number): Partial<Recovery> {
  const end = { step: undefined, endedAt: now };
  if (wanted !== 'succeeded') return { ...end, status: wanted };
  const over = found.step && challengeOf(found.step);
  const answered = [...(found.answered ?? []), ...(over === undefined ? [] : [over])];
  if (found.expiresAt <= now) return { ...end, status: 'timed-out' };
  return { ...end, answered, status: answersOf(found.path, answered) ? 'succeeded' : 'failed' };
}

async function recordFor(id: string, { recoveries, users }: EndPorts): Promise<UserRecord | undefined> {
  const recovery = await recoveries.read(id);
  return recovery && users.read(recovery.person);
}

/**
 * Every address hears of it, the unused ones too, and how to object (SP 800-63B-4 §4.2.3). Once: the workflow repeats
 * a task whose end it did not hear.
 */
async function notifySuccess({ person: locator, endedAt }: Recovery, ports: EndPorts): Promise<void> {
  const at = endedAt ?? ports.clock.now();
  const { record } = await updateUser(ports.users, locator, (found) => {
    const isKept = Object.values(found.notices).some(
      (notice) => notice.kind === 'recovery-succeeded' && notice.at === at,
    );
    if (found.enrolment === undefined || isKept) return { outcome: undefined };
    const notices = withNotices(found, 'recovery-succeeded', [found.enrolment.contact], at);
    return { outcome: undefined, after: { ...found, notices } };
  });
  await enqueueNotices(locator, record, ports);
}
