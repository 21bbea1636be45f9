/** Telephone numbers at enrolment: one canonical E.164, or the reason why not. */
import { type NumberType, parsePhoneNumberWithError } from 'libphonenumber-js/max';
import type { Contact } from '../contact/contact.ts';
import type { Policy } from '../policy/policy.ts';

export type PhoneReading =
  | { readonly kind: 'phone'; readonly phone: NonNullable<Contact['phone']> }
  | { readonly kind: 'refused'; readonly detail: string };

const messageable: readonly NumberType[] = ['MOBILE', 'FIXED_LINE_OR_MOBILE'];
const callable: readonly NumberType[] = [...messageable, 'FIXED_LINE'];

/**
 * Reads any usual spelling that has its country code. Premium, shared-cost, toll-free, personal and satellite
 * numbers are refused, as is every country that the policy does not name: sending there is how codes are
 * turned into money.
 */
export function readPhone(typed: string, { mfaMethod, sends }: Policy): PhoneReading {
  const text = typed.trim();
  if (!text.startsWith('+')) return refused('Start with + and the country code, for example +12025550123.');
  let phone: ReturnType<typeof parsePhoneNumberWithError>;
  try {
    phone = parsePhoneNumberWithError(text, { extract: false });
  } catch {
    return refused('This is not a telephone number. Use E.164, for example +12025550123.');
  }
  if (!phone.isValid() || phone.ext) return refused('No such number can exist. Check the digits.');
  if (phone.country === undefined || !sends.countries.includes(phone.country)) {
    return refused('The policy does not allow numbers of this country (sends.countries).');
  }
  if (!(mfaMethod === 'Call' ? callable : messageable).includes(phone.getType())) {
    return refused('This kind of number cannot receive codes. Use a mobile number.');
  }
  return { kind: 'phone', phone: { number: phone.number, country: phone.country } };
}

function refused(detail: string): PhoneReading {
  return { kind: 'refused', detail };
}
