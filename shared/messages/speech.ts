/** What a call says: a greeting that asks for one key, the code digit by digit, and a goodbye. */
import type { Purpose } from '../domain/identifiers/challenge-id.ts';
import { visibleLine } from '../domain/text/visible-line.ts';
import { type Locale, text } from './texts.ts';

/** A flat map of strings, as a contact flow takes it. */
export type Speech = Readonly<
  Record<'outcome' | 'language' | 'digit' | 'greeting' | 'ssml' | 'goodbye', string>
>;

interface SpokenCode {
  readonly code: string;
  readonly purpose: Purpose;
  readonly locale: Locale;
  readonly organisation: string;
  /** The key that the greeting asks for. */
  readonly digit: number;
}

const pause = '<break time="500ms"/>';

export function speechForCode({ code, purpose, locale: language, organisation, digit }: SpokenCode): Speech {
  const digits = Array.from(code, (digit) => `<say-as interpret-as="digits">${digit}</say-as>`);
  const lead = escapeXml(text(language, 'call.code'));
  return {
    outcome: 'code',
    language,
    digit: String(digit),
    greeting: text(language, `call.${purpose}.greeting`, {
      organisation: spokenName(organisation, language),
      digit: String(digit),
    }),
    ssml: `<speak>${lead}${pause}${digits.join(pause)}${pause}</speak>`,
    // The help desk asks for a caller's code; nobody asks for any other.
    goodbye: text(language, purpose === 'caller' ? 'call.caller.goodbye' : 'call.goodbye'),
  };
}

/** No markup, and the sign for “and” as the word. */
function spokenName(name: string, language: Locale): string {
  const words = name.replace(/[<>]/g, ' ').replace(/[&＆﹠]/g, ` ${text(language, 'call.and')} `);
  return visibleLine(words, 64);
}

/** Says that the code is no longer valid, for a call that is answered too late or after a resend. */
export function speechOfTheEnd(language: Locale): Speech {
  return {
    outcome: 'over',
    language,
    digit: '',
    greeting: '',
    ssml: '',
    goodbye: text(language, 'call.over'),
  };
}

function escapeXml(value: string): string {
  return value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
