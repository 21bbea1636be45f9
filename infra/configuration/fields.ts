/** Kinds of values that several fields have, each with the words that say what is allowed. */
import { isSupportedCountry } from 'libphonenumber-js/min';
import * as z from 'zod';

export const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: `one of ${values.join(', ')}` });

export const flag = z.boolean({ error: 'true or false' });

export function wholeNumber(minimum: number, maximum: number) {
  const error = `a whole number from ${minimum} to ${maximum}`;
  return z.int({ error }).min(minimum, { error }).max(maximum, { error });
}

export function text(allowed: string, pattern: RegExp) {
  return z.string({ error: allowed }).regex(pattern, { error: allowed });
}

export const host = text('a host name, for example login.example.com', /^[a-z0-9-]+(\.[a-z0-9-]+)+$/);
/** What ends a line or is no character that anybody sees: these texts go into the heads of messages. */
const oneLine = /^[^\p{Cc}\p{Zl}\p{Zp}]*$/u;
export function line(most: number) {
  const error = `one line of 1 to ${most} characters`;
  return z.string({ error }).min(1, { error }).max(most, { error }).regex(oneLine, { error });
}

export const countryAllowed = 'an ISO 3166 country in two capital letters, for example US or GB';
// Two letters that no country has, UK for one, would shut out people's numbers without a word.
export const country = z
  .string({ error: countryAllowed })
  .refine((code) => isSupportedCountry(code), { error: countryAllowed });
