/** Whether a notice may be sent now: room at its address, and in every ceiling that codes count against too. */
import { type Contact, noticeAddress } from '../contact/contact.ts';
import { hmac128 } from '../crypto/keyring.ts';
import { type AdmissionPorts, admitMessage } from '../limits/admit-message.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import type { NoticeMessage } from '../queues/messages.ts';
import { isImportant, type NoticeKind } from '../user-record/notice.ts';
import type { FinalRefusal } from './delivered.ts';

const day = 86_400_000;

// So that a flood of changes does not flood a person.
const ofAddress = [{ limit: 20, milliseconds: day }];
/** Beyond these, each important kind has as many of its own: a flood of one kind silences no other. */
const ofKind = [{ limit: 5, milliseconds: day }];

export interface AdmitNoticePorts extends AdmissionPorts {
  readonly limiter: RateLimiter;
}

interface NoticeToAdmit {
  readonly message: NoticeMessage;
  readonly kind: NoticeKind;
  readonly contact: Contact;
  readonly to: string;
  readonly now: number;
}

export interface NoticeRefused {
  readonly reason: FinalRefusal;
  /** Whether it has its place at the address, which is then not counted again. */
  readonly counted: boolean;
}

/**
 * The address first: what it refuses takes nothing from the ceilings of the deployment.
 *
 * @returns why it may not be sent now, or `undefined` if it may
 */
export async function admitNotice(
  notice: NoticeToAdmit,
  ports: AdmitNoticePorts,
): Promise<NoticeRefused | undefined> {
  const { message, kind, contact, now } = notice;
  const phone = message.address === 'phone' ? contact.phone : undefined;
  if (phone && !ports.policy.sends.countries.includes(phone.country)) {
    return { reason: 'country-not-allowed', counted: false };
  }
  if (!message.counted && !(await hasRoomAtAddress(notice, ports))) {
    return { reason: 'destination-limit', counted: false };
  }
  const hasEmail = (['email', 'alternateEmail'] as const).some((other) => noticeAddress(contact, other));
  const method = phone ? 'SMS' : 'Email';
  const reason = await admitMessage({ method, isImportant: isImportant(kind), phone, hasEmail, now }, ports);
  return reason && { reason, counted: true };
}

async function hasRoomAtAddress(
  { message, kind, to, now }: NoticeToAdmit,
  { limiter, keyring }: AdmitNoticePorts,
): Promise<boolean> {
  const reserve = (windows: typeof ofAddress, ...of: readonly string[]) =>
    limiter.reserve(
      hmac128(keyring.key('destination', keyring.first), 'notice', ...of),
      `${message.notice}.${message.address}`,
      now,
      windows,
    );
  const address = to.toLowerCase();
  if ((await reserve(ofAddress, address)) === 'reserved') return true;
  return isImportant(kind) && (await reserve(ofKind, address, kind)) === 'reserved';
}
