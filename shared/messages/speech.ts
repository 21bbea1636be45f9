/** What a call says: a greeting that asks for a key press, the code digit by digit, and a goodbye. */
import { resolveLocale, text, visibleLine } from './texts.ts';

/** A flat map of strings, as a contact flow takes it. */
export type Speech = Readonly<Record<'outcome' | 'language' | 'greeting' | 'ssml' | 'goodbye', string>>;

interface SpokenCode {
  readonly code: string;
  readonly locale: string;
  readonly organisation: string;
}

const pause = '<break time="500ms"/>';

export function speechForCode({ code, locale, organisation }: SpokenCode): Speech {
  const language = resolveLocale(locale);
  const digits = Array.from(code, (digit) => `<say-as interpret-as="digits">${digit}</say-as>`);
  const lead = escapeXml(text(language, 'call.code'));
  return {
    outcome: 'code',
    language,
    greeting: text(language, 'call.greeting', {
      organisation: visibleLine(organisation.replace(/[<>&]/g, ' '), 64),
    }),
    ssml: `<speak>${lead}${pause}${digits.join(pause)}${pause}</speak>`,
    goodbye: text(language, 'call.goodbye'),
  };
}

/** Says that the code is no longer valid, for a call that is answered too late or after a resend. */
export function speechOfTheEnd(locale: string): Speech {
  const language = resolveLocale(locale);
  return { outcome: 'over', language, greeting: '', ssml: '', goodbye: text(language, 'call.over') };
}

function escapeXml(value: string): string {
  return value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
