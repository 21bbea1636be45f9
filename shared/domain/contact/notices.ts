/** Notices, which tell a person at every address that something changed: adding, queueing and finishing them. */
import { randomBytes } from 'node:crypto';
import type { Keyring } from '../crypto/keyring.ts';
import type { AddressKind } from '../policy/methods.ts';
import type { NoticeMessage, NoticeQueue } from '../queues/messages.ts';
import type { Notice, NoticeKind } from '../user-record/notice.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import { decryptContact, noticeAddress } from './contact.ts';

/** What is encrypted as codes does not decrypt as a contact. */
export const codesContext = (locator: string): string => `${locator} codes`;

/** Milliseconds that a notice stays pending: a ceiling of a day that stopped it has come to its end well before. */
export const noticeLifetimeMilliseconds = 3 * 86_400_000;

/**
 * How many of a kind are pending at most, so that changes without end do not let the record grow. The oldest stay, since
 * they have the addresses from before the changes, and the newest do.
 */
const mostPending = { oldest: 4, newest: 4 } as const;

/**
 * Adds a notice in the same write as the change. If queueing fails afterwards, the next request of this user queues it.
 *
 * @param contacts encrypted; one notice is added for each, to notify its addresses
 * @param newId makes the id of each notice; random unless a caller must know it
 * @returns the record's notices with the added ones, without those that are over
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
  return Object.fromEntries([
    ...live.filter(([, other]) => other.kind !== kind),
    ...bounded([...live.filter(([, other]) => other.kind === kind), ...added]),
  ]);
}

function bounded(ofAKind: readonly [string, Notice][]): readonly [string, Notice][] {
  const { oldest, newest } = mostPending;
  if (ofAKind.length <= oldest + newest) return ofAKind;
  const byTime = ofAKind.toSorted(([, one], [, other]) => one.at - other.at);
  return [...byTime.slice(0, oldest), ...byTime.slice(-newest)];
}

/**
 * The pending notices of a record: `left` are addresses that must still be notified, `finished` are ids of notices
 * that can be removed.
 */
export function pendingNotices({ locator, notices }: UserRecord, keyring: Keyring) {
  const addresses = Object.entries(notices).flatMap(
    ([notice, { kind, at, contact: ciphertext, notified = [] }]) => {
      const contact = decryptContact(ciphertext, locator, keyring);
      return (['phone', 'email', 'alternateEmail'] as const).flatMap((address) => {
        const to = noticeAddress(contact, address);
        const isNotified = notified.includes(address);
        return to === undefined ? [] : [{ notice, address, isNotified, once: `${kind} ${at} ${to}` }];
      });
    },
  );
  // An address that is in the contact before and after a change is notified only once.
  const done = new Set(addresses.flatMap(({ isNotified, once }) => (isNotified ? [once] : [])));
  const left: { readonly notice: string; readonly address: AddressKind }[] = [];
  for (const { notice, address, once } of addresses) {
    if (done.has(once)) continue;
    done.add(once);
    left.push({ notice, address });
  }
  // The notices of one change finish together: each relies on the other for the addresses that they share.
  const changeOf = ({ kind, at }: Notice) => `${kind} ${at}`;
  const open = new Set(left.map(({ notice }) => changeOf(notices[notice] as Notice)));
  const finished = Object.entries(notices).flatMap(([id, notice]) =>
    open.has(changeOf(notice)) ? [] : [id],
  );
  return { left, finished };
}

/** Queues every pending notice, including those that an earlier request failed to queue. */
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
