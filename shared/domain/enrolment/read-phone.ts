/** Telephone numbers at enrolment: one canonical E.164, or the reason why not. */
import {
  type CountryCode,
  type NumberType,
  type PhoneNumber,
  parsePhoneNumberWithError,
} from 'libphonenumber-js/max';
import type { Contact } from '../contact/contact.ts';
import type { Policy } from '../policy/policy.ts';
import { withAsciiDigits } from '../text/digits.ts';
import { withoutInvisible } from '../text/invisible.ts';

export type PhoneReading =
  | { readonly kind: 'phone'; readonly phone: NonNullable<Contact['phone']> }
  | { readonly kind: 'refused'; readonly detail: string };

const mobile: readonly (NumberType | undefined)[] = ['MOBILE', 'FIXED_LINE_OR_MOBILE'];

/**
 * Reads any usual spelling that has its country code, and in a country of the policy's (`enrolment.defaultCountry`)
 * any that is usual there. Premium, shared-cost, toll-free, personal and satellite numbers are refused, as is every
 * country that the policy does not name: sending there is how codes are turned into money. Landlines are taken where
 * codes can be spoken.
 *
 * @param voice whether this deployment can place calls
 */
export function readPhone(typed: string, policy: Policy, voice: boolean): PhoneReading {
  const text = withAsciiDigits(withoutInvisible(typed))
    .replace(between, ' ')
    .trim()
    .replace(/^tel:/i, '') // RFC 3966, which SCIM asks for (RFC 7643 §4.1.2)
    .replace(/^\uFF0B/, '+');
  const { defaultCountry } = policy.enrolment;
  if (!text.startsWith('+') && defaultCountry === 'none') {
    return refused(
      'Start with + and the country code, for example +12025550123, or set enrolment.defaultCountry in the policy.',
    );
  }
  const phone = parsed(text, defaultCountry);
  if (phone === undefined) return refused(noNumber(text, defaultCountry));
  if (phone.ext) return refused('Leave out the extension: neither an SMS nor a call gets that far.');
  if (!phone.isValid()) return refused(unknownNumber(phone));
  const { country, number } = phone;
  if (country === undefined || !policy.sends.countries.includes(country)) return refused(notAllowed(phone));
  if (mobile.includes(phone.getType())) return { kind: 'phone', phone: { number, country } };
  if (phone.getType() !== 'FIXED_LINE') {
    return refused(
      `This kind of number, of ${country}, gets no codes: it is no line of a person. Use a mobile number.`,
    );
  }
  return canBeCalled(policy, voice)
    ? { kind: 'phone', phone: { number, country, landline: true } }
    : refused(noCalls(country, policy, voice));
}

/** Spaces of any width and dots at half height, as word processors and web pages part numbers; the library knows few. */
const between = /[\p{Zs}\t·•∙⋅]/gu;

function parsed(text: string, defaultCountry: string): PhoneNumber | undefined {
  const settings = defaultCountry === 'none' ? {} : { defaultCountry: defaultCountry as CountryCode };
  try {
    const phone = parsePhoneNumberWithError(text, { ...settings, extract: false });
    const [, withoutOne] = formerMobile.exec(phone.number) ?? [];
    return withoutOne === undefined
      ? phone
      : parsePhoneNumberWithError(`+52${withoutOne}`, { extract: false });
  } catch {
    return undefined;
  }
}

/** Mexico's mobile numbers had a 1 after the country code until 2019, and in many address books they still have. */
const formerMobile = /^\+521(\d{10})$/;

function canBeCalled({ mfaMethod }: Policy, voice: boolean): boolean {
  return voice && (mfaMethod === 'Call' || mfaMethod === 'All');
}

function noNumber(text: string, defaultCountry: string): string {
  const read = text.startsWith('+')
    ? ''
    : ` where it is read as one of ${defaultCountry}, the policy's enrolment.defaultCountry`;
  return `This is not a telephone number${read}. Use E.164, for example +12025550123.`;
}

function noCalls(country: string, { mfaMethod }: Policy, voice: boolean): string {
  const fields = [
    ...(mfaMethod === 'Call' || mfaMethod === 'All' ? [] : ['policy.mfaMethod (All or Call)']),
    ...(voice ? [] : ['voice']),
  ];
  return (
    `This is a landline of ${country}: it gets no SMS, and calls are off here. Use a mobile number, or set ` +
    `${fields.join(' and ')} in the stage to allow landlines.`
  );
}

function unknownNumber({ countryCallingCode, country }: PhoneNumber): string {
  const read = `+${countryCallingCode}${country === undefined ? '' : ` (${country})`}`;
  return (
    `No number of this form is known under ${read}. Check the digits and the country code. An area code may be newer ` +
    'than the list of numbers in this deployment: then update libphonenumber-js and deploy.'
  );
}

function notAllowed({ country, countryCallingCode }: PhoneNumber): string {
  if (country === undefined)
    return `Numbers under +${countryCallingCode} belong to no country and get no codes.`;
  return `This number is of ${country}, which the policy does not allow. Add ${country} to sends.countries to allow it.`;
}

function refused(detail: string): PhoneReading {
  return { kind: 'refused', detail };
}
