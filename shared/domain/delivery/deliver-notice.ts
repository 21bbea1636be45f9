/** The delivery of a notice to one address: once, and only so many to an address in a day. */
import { decryptContact, noticeAddress } from '../contact/contact.ts';
import { codesContext, pendingNotices } from '../contact/notices.ts';
import { decrypt } from '../crypto/encryption.ts';
import { hmac128 } from '../crypto/keyring.ts';
import { transient, Unavailable } from '../faults.ts';
import { newRequestId } from '../identifiers/request-id.ts';
import type { NoticeMessage } from '../queues/messages.ts';
import { spokenLanguage } from '../text/language.ts';
import { repeatAfterSeconds } from './carriers.ts';
import { type Delivered, type DeliverPorts, leaseMilliseconds, recorded } from './deliver-code.ts';

// Notices have a limit of their own per address, so that a flood of changes does not flood a person.
const noticeWindows = [{ limit: 20, milliseconds: 86_400_000 }];

/**
 * Sends a notice to one address once: if several workers get the message, the claim decides which one sends.
 *
 * @throws {Unavailable} after the last retry of a transient fault; the queue then keeps the message
 */
export async function deliverNotice(message: NoticeMessage, ports: DeliverPorts): Promise<Delivered> {
  const { deliveries, notices, keyring, limiter, clock, carriers, defaultLocale } = ports;
  const now = clock.now();
  const leaseOwner = newRequestId();
  const record = await deliveries.claimNotice(message, now, now + leaseMilliseconds, leaseOwner);
  const notice = record?.notices[message.notice];
  if (record === undefined || notice === undefined) return { kind: 'dropped' };
  const contact = decryptContact(notice.contact, record.locator, keyring);
  const phone = message.address === 'phone';
  const to = noticeAddress(contact, message.address);
  if (to === undefined) return { kind: 'dropped' };
  const counter = hmac128(keyring.key('destination', keyring.first), 'notice', to.toLowerCase());
  const { tries = 0 } = message;
  const reserved =
    tries > 0
      ? 'reserved' // by the first try
      : await limiter.reserve(counter, `${message.notice}.${message.address}`, now, noticeWindows);
  if (reserved !== 'reserved') {
    await end(message, ports);
    return { kind: 'failed', reason: 'destination-limit' };
  }
  const result = await carriers.sendNotice(phone ? 'SMS' : 'Email', {
    to,
    kind: notice.kind,
    at: notice.at,
    codes:
      notice.codes && (decrypt(notice.codes, codesContext(record.locator), keyring) as readonly string[]),
    locale: spokenLanguage(contact.locale ?? '') ?? defaultLocale,
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

/** Records that the address is done, and removes notices whose addresses all are: no old address is kept longer. */
async function end(message: NoticeMessage, { deliveries, keyring }: DeliverPorts): Promise<void> {
  const record = await deliveries.recordNotified(message);
  const finished = record === undefined ? [] : pendingNotices(record, keyring).finished;
  if (finished.length > 0) await deliveries.forgetNotices(message.locator, finished);
}
