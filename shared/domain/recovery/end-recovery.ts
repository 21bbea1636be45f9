/** Ending a recovery: what it comes to, whom it succeeded for, and telling that person everywhere. */
import { enqueueNotices, withNotices } from '../contact/notices.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { readChallengeId } from '../identifiers/challenge-id.ts';
import { answersTo, type NamePorts } from '../names/person.ts';
import { type RecoveryPath, recoverySteps } from '../policy/recovery-paths.ts';
import type { NoticeQueue } from '../queues/messages.ts';
import { updateUser } from '../user-record/update-user.ts';
import type { UserStore } from '../user-record/user-store.ts';
import { challengeOf } from './answer-step.ts';
import { changeRecovery } from './change-recovery.ts';
import type { Recovery, RecoveryPorts, RecoveryStatus } from './recovery.ts';

export interface EndPorts extends RecoveryPorts, Pick<NamePorts, 'sameNames'> {
  readonly users: UserStore;
  readonly notices: NoticeQueue;
  readonly keyring: Keyring;
}

type Ending = Exclude<RecoveryStatus, 'pending'>;

/**
 * Ends a recovery as the workflow wants it, or worse: time may have run out while its last step was on the way, and the
 * person may have been removed or disabled since. One that has ended stays as it ended.
 *
 * @returns the recovery as it ended, or `undefined` when there is none
 */
export async function endRecovery(
  id: string,
  wanted: Ending,
  ports: EndPorts,
): Promise<Recovery | undefined> {
  const subject = wanted === 'succeeded' ? await subjectOf(id, ports) : undefined;
  const status = wanted === 'succeeded' && subject === undefined ? 'failed' : wanted;
  const ended = await changeRecovery(
    id,
    (found) => decideEnd(found, status, subject, ports.clock.now()),
    ports,
  );
  if (ended?.status === 'succeeded') await notifySuccess(ended, ports);
  return ended;
}

/** A success that came too late has timed out; one with a step left out has failed. */
export function decideEnd(
  found: Recovery,
  wanted: Ending,
  subject: string | undefined,
  now: number,
): Partial<Recovery> {
  const end = { step: undefined, subject, endedAt: now };
  if (wanted !== 'succeeded') return { ...end, status: wanted };
  const over = found.step && challengeOf(found.step);
  const answered = [...(found.answered ?? []), ...(over === undefined ? [] : [over])];
  if (found.expiresAt <= now) return { ...end, status: 'timed-out' };
  return { ...end, answered, status: hasEveryAnswer(found.path, answered) ? 'succeeded' : 'failed' };
}

/** The order is the workflow's. An execution that somebody started by hand may have left a step out. */
function hasEveryAnswer(path: RecoveryPath | undefined, answered: readonly string[]): boolean {
  if (path === undefined) return false;
  const needed = recoverySteps[path].filter((step) => step !== 'backup-code');
  const kinds = answered.map((id) => readChallengeId(id)?.kind);
  return kinds.length === needed.length && needed.every((kind, place) => kinds[place] === kind);
}

/** The name as it is enrolled, of somebody who still may sign in and still has the name that was asked. */
async function subjectOf(id: string, ports: EndPorts): Promise<string | undefined> {
  const { recoveries, users } = ports;
  const recovery = await recoveries.read(id);
  if (recovery === undefined) return undefined;
  const record = await users.read(recovery.person);
  if (!record?.enrolment?.enabled || !answersTo(record, recovery.userId, ports)) return undefined;
  return record.enrolment.userId;
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
