/** The delivery of a notice to one address: once, and later where a ceiling stops it. */
import { decryptContact, noticeAddress } from '../contact/contact.ts';
import { notMeToken } from '../contact/not-me-link.ts';
import { codesContext, noticeLifetimeMilliseconds, pendingNotices } from '../contact/notices.ts';
import { decrypt } from '../crypto/encryption.ts';
import { transient, Unavailable } from '../faults.ts';
import { newRequestId } from '../identifiers/request-id.ts';
import type { NoticeMessage } from '../queues/messages.ts';
import { spokenLanguage } from '../text/language.ts';
import { leaseMilliseconds } from '../user-record/challenge.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import { admitNotice, type NoticeRefused } from './admit-notice.ts';
import { repeatAfterSeconds } from './carriers.ts';
import { type DeliverPorts, recorded } from './deliver-code.ts';
import type { Delivered } from './delivered.ts';
import type { MessageFacts } from './delivery-log.ts';
import { noting } from './note-delivery.ts';

/** Until a notice that a ceiling stopped is tried again. The longest delay that SQS takes. */
const heldSeconds = 900;
/** The lease of a notice that is held ends so much before its message comes back: clocks differ. */
const marginMilliseconds = 10_000;

/**
 * Sends a notice to one address once: if several workers get the message, the claim decides which one sends.
 *
 * @throws {Unavailable} after the last retry of a transient fault; the queue then keeps the message
 */
export function deliverNotice(message: NoticeMessage, ports: DeliverPorts): Promise<Delivered> {
  return noting(ports, (knows) => deliverOnce(message, ports, knows));
}

async function deliverOnce(
  message: NoticeMessage,
  ports: DeliverPorts,
  knows: (facts: MessageFacts) => void,
): Promise<Delivered> {
  const { deliveries, notices, keyring, clock, carriers, defaultLocale } = ports;
  const now = clock.now();
  const leaseOwner = newRequestId();
  const record = await deliveries.claimNotice(message, now, now + leaseMilliseconds, leaseOwner);
  const notice = record?.notices[message.notice];
  if (record === undefined || notice === undefined) return { kind: 'dropped' };
  const contact = decryptContact(notice.contact, record.locator, keyring);
  const phone = message.address === 'phone';
  const to = noticeAddress(contact, message.address);
  if (to === undefined) return { kind: 'dropped' };
  const { tries = 0, held = false } = message;
  knows({
    locator: record.locator,
    message: `${message.notice}.${message.address}`,
    isWaiting: held || tries > 0,
    method: phone ? 'SMS' : 'Email',
    to,
    purpose: 'notice',
  });
  const { kind, at } = notice;
  // Admitted by the first try.
  const refused = tries > 0 ? undefined : await admitNotice({ message, kind, contact, to, now }, ports);
  if (refused) {
    const isLate = at <= now - noticeLifetimeMilliseconds;
    const isToldAnyway = hasNewer(record, message, to, ports);
    if (!isLate && !isToldAnyway && refused.reason !== 'country-not-allowed') {
      return hold(message, refused, { leaseOwner, now }, ports);
    }
    await end(message, ports);
    return isToldAnyway ? { kind: 'dropped' } : { kind: 'failed', reason: refused.reason };
  }
  const result = await carriers.sendNotice(phone ? 'SMS' : 'Email', {
    to,
    codes:
      notice.codes && (decrypt(notice.codes, codesContext(record.locator), keyring) as readonly string[]),
    kind,
    at,
    locale: spokenLanguage(contact.locale ?? '') ?? defaultLocale,
    // Of somebody who was removed nothing is left to stop.
    notMe: record.enrolment && notMeToken({ locator: record.locator, at: now }, keyring),
  });
  if (result.kind === 'accepted') return { kind: 'sent', ...(await recorded(() => end(message, ports))) };
  if (!transient.includes(result.reason)) {
    await end(message, ports);
    return { kind: 'failed', reason: result.reason };
  }
  await deliveries.releaseNotice(message, leaseOwner);
  const delay = repeatAfterSeconds[tries];
  if (delay === undefined) throw new Unavailable(`carrier-of-notices-${result.reason}`);
  await notices.send([{ ...message, tries: tries + 1 }], delay);
  return { kind: 'retry', reason: result.reason };
}

/** Queued first: a fault between the two tries it once too often, and not never. */
async function hold(
  message: NoticeMessage,
  { reason, counted }: NoticeRefused,
  { leaseOwner, now }: { readonly leaseOwner: string; readonly now: number },
  { notices, deliveries }: DeliverPorts,
): Promise<Delivered> {
  await notices.send([{ ...message, held: true, counted }], heldSeconds);
  await deliveries.holdNotice(message, leaseOwner, now + heldSeconds * 1000 - marginMilliseconds);
  return { kind: 'held', reason };
}

/** Of many notices of a kind that an address waits for, it gets the newest: one flood is not followed by another. */
function hasNewer(
  { notices, locator }: UserRecord,
  { notice: id }: NoticeMessage,
  to: string,
  { keyring }: DeliverPorts,
): boolean {
  const own = notices[id];
  return Object.values(notices).some(({ kind, at, contact: ciphertext, notified = [] }) => {
    if (own === undefined || kind !== own.kind || at <= own.at) return false;
    const contact = decryptContact(ciphertext, locator, keyring);
    return (['phone', 'email', 'alternateEmail'] as const).some(
      (address) => noticeAddress(contact, address) === to && !notified.includes(address),
    );
  });
}

/** Records that the address is done, and removes notices whose addresses all are: no old address is kept longer. */
async function end(message: NoticeMessage, { deliveries, keyring }: DeliverPorts): Promise<void> {
  const record = await deliveries.recordNotified(message);
  const finished = record === undefined ? [] : pendingNotices(record, keyring).finished;
  if (finished.length > 0) await deliveries.forgetNotices(message.locator, finished);
}
