/** Telling a person, once a day, that the day's messages are used up and none of their codes was used. */
import type { Clock } from '../clock.ts';
import { enqueueNotices, withNotices } from '../contact/notices.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { doorOf, isAnonymous } from '../identifiers/client.ts';
import { isUsedUpInVain } from '../limits/sent-messages.ts';
import type { Policy } from '../policy/policy.ts';
import type { NoticeQueue } from '../queues/messages.ts';
import type { OtpChallenge } from '../user-record/challenge.ts';
import { updateUser } from '../user-record/update-user.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import type { UserStore } from '../user-record/user-store.ts';

interface TellPorts {
  readonly users: UserStore;
  readonly notices: NoticeQueue;
  readonly clock: Clock;
  readonly keyring: Keyring;
  readonly policy: Policy;
}

const dayMilliseconds = 86_400_000;

/**
 * Called by the worker with the message that may be the last: the request that asked for it takes as long for a name of
 * nobody. Not of anonymous doors, where whoever asks has shown no password.
 */
export async function tellIfUsedUp(
  found: UserRecord,
  { client, purpose }: OtpChallenge,
  ports: TellPorts,
): Promise<void> {
  const { users, clock, policy } = ports;
  const now = clock.now();
  const isDue = ({ enrolment, sent, toldOfMessagesAt = 0 }: UserRecord) =>
    enrolment?.enabled === true &&
    toldOfMessagesAt <= now - dayMilliseconds &&
    isUsedUpInVain(sent, doorOf(client, purpose), now, policy.sends);
  if (purpose === 'caller' || isAnonymous(client) || !isDue(found)) return;
  const { locator } = found;
  const { record } = await updateUser(users, locator, (current) => {
    const { enrolment } = current;
    if (enrolment === undefined || !isDue(current)) return { outcome: undefined };
    const notices = withNotices(current, 'messages-used-up', [enrolment.contact], now);
    return { outcome: undefined, after: { ...current, notices, toldOfMessagesAt: now } };
  });
  await enqueueNotices(locator, record, ports);
}
