/** What the workflow asks of this function: to put the choice of a path, and to write down how a recovery ends. */
import { announce, withNotices } from '../../shared/domain/notices.ts';
import { advanceRecovery, type RecoveryStatus } from '../../shared/domain/recovery.ts';
import { updateUser } from '../../shared/domain/update-user.ts';
import { locatorOf } from '../../shared/domain/user-id.ts';
import { log } from '../../shared/log.ts';
import { type TaskEvent, tokenOf } from '../../shared/tasks.ts';
import type { Ports } from './ports.ts';

export async function askPath(event: TaskEvent, ports: Ports): Promise<object> {
  await advanceRecovery(event.recoveryId, { step: { type: 'choose', token: tokenOf(event) } }, ports);
  return {};
}

/** The end of the workflow. Time may have run out while its last step was on the way. */
export function end(status: RecoveryStatus) {
  return async ({ recoveryId, reason }: TaskEvent, ports: Ports): Promise<object> => {
    const recovery = await advanceRecovery(recoveryId, { step: undefined, status }, ports);
    if (recovery === undefined) throw new Error('the recovery is not there');
    const { userId, client, path = 'none' } = recovery;
    const user = locatorOf(userId);
    if (recovery.status === 'succeeded') await tell(user, ports);
    log('recovery-ended', {
      user,
      client,
      recovery: recoveryId,
      status: recovery.status,
      path,
      ...(reason === undefined ? {} : { reason }),
    });
    return { status: recovery.status };
  };
}

/** Every address hears of it, the unused ones too, and how to object (SP 800-63B-4 §4.2.3). */
async function tell(locator: string, ports: Ports): Promise<void> {
  const now = ports.clock.now();
  const { decision } = await updateUser(ports.users, locator, (record) => {
    if (record.enrolment === undefined) return { outcome: undefined };
    const notices = withNotices(record, 'recovery-succeeded', [record.enrolment.contact], now);
    return { outcome: undefined, after: { ...record, notices } };
  });
  await announce(locator, decision?.after, ports);
}
