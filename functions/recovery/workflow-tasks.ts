/** What the workflow asks of this function: to put the choice of a path, and to write down how a recovery ends. */

import { enqueueNotices, withNotices } from '../../shared/domain/contact/notices.ts';
import { locatorOf } from '../../shared/domain/identifiers/user-id.ts';
import { advanceRecovery } from '../../shared/domain/recovery/advance-recovery.ts';
import { failureOf, type RecoveryStatus } from '../../shared/domain/recovery/recovery.ts';
import { updateUser } from '../../shared/domain/user-record/update-user.ts';
import { tokenOf, type WorkflowTask } from '../../shared/lambda/workflow-task.ts';
import { log } from '../../shared/log/log.ts';
import type { Ports } from './ports.ts';

export async function askPath(event: WorkflowTask, ports: Ports): Promise<object> {
  await advanceRecovery(event.recoveryId, { step: { type: 'choose', token: tokenOf(event) } }, ports);
  return {};
}

/**
 * The end of the workflow. Time may have run out while its last step was on the way, and the person may have been
 * removed or disabled since.
 */
export function end(wanted: RecoveryStatus) {
  return async ({ recoveryId, reason }: WorkflowTask, ports: Ports): Promise<object> => {
    const subject = wanted === 'succeeded' ? await subjectOf(recoveryId, ports) : undefined;
    const status = wanted === 'succeeded' && subject === undefined ? 'failed' : wanted;
    const recovery = await advanceRecovery(recoveryId, { step: undefined, status, subject }, ports);
    if (recovery === undefined) throw new Error('the recovery is not there');
    const { userId, client, path = 'none' } = recovery;
    const user = locatorOf(userId);
    if (recovery.status === 'succeeded') await tell(user, recovery.endedAt ?? ports.clock.now(), ports);
    log('recovery-ended', {
      user,
      client,
      recovery: recoveryId,
      status: recovery.status,
      path,
      ...(reason === undefined ? {} : { reason: failureOf(reason) }),
    });
    return { status: recovery.status };
  };
}

/** The name as it is enrolled, of somebody who still may sign in. */
async function subjectOf(recoveryId: string, { recoveries, users }: Ports): Promise<string | undefined> {
  const recovery = await recoveries.read(recoveryId);
  const record = recovery && (await users.read(locatorOf(recovery.userId)));
  return record?.enrolment?.enabled ? record.enrolment.userId : undefined;
}

/**
 * Every address hears of it, the unused ones too, and how to object (SP 800-63B-4 §4.2.3). Once: the workflow
 * repeats a task whose end it did not hear.
 */
async function tell(locator: string, at: number, ports: Ports): Promise<void> {
  const { record } = await updateUser(ports.users, locator, (found) => {
    const isNoted = Object.values(found.notices).some(
      (notice) => notice.kind === 'recovery-succeeded' && notice.at === at,
    );
    if (found.enrolment === undefined || isNoted) return { outcome: undefined };
    const notices = withNotices(found, 'recovery-succeeded', [found.enrolment.contact], at);
    return { outcome: undefined, after: { ...found, notices } };
  });
  await enqueueNotices(locator, record, ports);
}
