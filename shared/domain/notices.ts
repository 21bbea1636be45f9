/** Notices: what tells a person, at every address there was, that something changed. */
import { randomBytes } from 'node:crypto';
import { openContact } from './contact.ts';
import type { Keyring } from './keyring.ts';
import type { NoticeMessage, NoticeQueue } from './ports.ts';
import type { Notice, NoticeKind, UserRecord } from './user-record.ts';

const lifetime = 3_600_000; // milliseconds in which a notice's message must have left its queue

/**
 * Adds a notice to the record, to be written with the change that it tells of: what is not queued then is
 * queued by the next try. One for each of the contacts whose addresses are told.
 */
export function withNotices(
  record: UserRecord,
  kind: NoticeKind,
  contacts: readonly Uint8Array[],
  now: number,
) {
  const live = Object.entries(record.notices).filter(([, notice]) => notice.at > now - lifetime);
  const added = contacts.map((contact): [string, Notice] => [
    randomBytes(16).toString('base64url'),
    { kind, at: now, contact },
  ]);
  return Object.fromEntries([...live, ...added]);
}

/** Queues every notice that is pending, those of an earlier try that failed to queue them included. */
export async function announce(
  locator: string,
  record: UserRecord | undefined,
  { notices, keyring }: { readonly notices: NoticeQueue; readonly keyring: Keyring },
) {
  const pending = Object.entries(record?.notices ?? {}).flatMap(
    ([notice, { kind, at, contact: sealed, told = [] }]) => {
      const contact = openContact(sealed, locator, keyring);
      return (['phone', 'email', 'alternateEmail'] as const).flatMap((address) => {
        const to = address === 'phone' ? contact.phone?.number : contact[address];
        const isTold = told.includes(address);
        return to === undefined ? [] : [{ notice, address, isTold, once: `${kind} ${at} ${to}` }];
      });
    },
  );
  // An address of the contact before and after a change is told of it once.
  const heard = new Set(pending.flatMap(({ isTold, once }) => (isTold ? [once] : [])));
  const messages: NoticeMessage[] = [];
  for (const { notice, address, once } of pending) {
    if (heard.has(once)) continue;
    heard.add(once);
    messages.push({ kind: 'notice', locator, notice, address });
  }
  if (messages.length > 0) await notices.send(messages);
}
