/** Notices: what tells a person, at every address there was, that something changed. */
import { randomBytes } from 'node:crypto';
import type { Keyring } from '../crypto/keyring.ts';
import type { AddressKind } from '../policy/methods.ts';
import type { NoticeMessage, NoticeQueue } from '../queues/messages.ts';
import type { Notice, NoticeKind } from '../user-record/notice.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import { decryptContact, noticeAddress } from './contact.ts';

const noticeLifetimeMilliseconds = 3_600_000; // in which a notice's message must have left its queue

/**
 * Adds a notice to the record, to be written with the change that it tells of: what is not queued then is
 * queued by the next try. One for each of the contacts whose addresses are told.
 *
 * @param newId an id for each, random if nobody has to know it
 */
export function withNotices(
  record: UserRecord,
  kind: NoticeKind,
  contacts: readonly Uint8Array[],
  now: number,
  newId = () => randomBytes(16).toString('base64url'),
) {
  const live = Object.entries(record.notices).filter(
    ([, notice]) => notice.at > now - noticeLifetimeMilliseconds,
  );
  const added = contacts.map((contact): [string, Notice] => [newId(), { kind, at: now, contact }]);
  return Object.fromEntries([...live, ...added]);
}

/** Addresses of a record's notices that nobody has been told at, and the notices of which none is left. */
export function pendingNotices({ locator, notices }: UserRecord, keyring: Keyring) {
  const addresses = Object.entries(notices).flatMap(
    ([notice, { kind, at, contact: ciphertext, notified = [] }]) => {
      const contact = decryptContact(ciphertext, locator, keyring);
      return (['phone', 'email', 'alternateEmail'] as const).flatMap((address) => {
        const to = noticeAddress(contact, address);
        const isTold = notified.includes(address);
        return to === undefined ? [] : [{ notice, address, isTold, once: `${kind} ${at} ${to}` }];
      });
    },
  );
  // An address of the contact before and after a change is told of it once.
  const heard = new Set(addresses.flatMap(({ isTold, once }) => (isTold ? [once] : [])));
  const left: { readonly notice: string; readonly address: AddressKind }[] = [];
  for (const { notice, address, once } of addresses) {
    if (heard.has(once)) continue;
    heard.add(once);
    left.push({ notice, address });
  }
  // Together with those of the same change: what the one told, the other need not tell.
  const changeOf = ({ kind, at }: Notice) => `${kind} ${at}`;
  const open = new Set(left.map(({ notice }) => changeOf(notices[notice] as Notice)));
  const finished = Object.entries(notices).flatMap(([id, notice]) =>
    open.has(changeOf(notice)) ? [] : [id],
  );
  return { left, finished };
}

/** Queues every notice that is pending, those of an earlier try that failed to queue them included. */
export async function enqueueNotices(
  locator: string,
  record: UserRecord | undefined,
  { notices, keyring }: { readonly notices: NoticeQueue; readonly keyring: Keyring },
) {
  if (record === undefined) return;
  const messages = pendingNotices(record, keyring).left.map(
    ({ notice, address }): NoticeMessage => ({ kind: 'notice', locator, notice, address }),
  );
  if (messages.length > 0) await notices.send(messages);
}
