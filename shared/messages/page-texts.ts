/**
 * The texts of the pages, in every language of the list. They stand apart from the messages', so that a function that
 * shows no page does not load them. A translator edits `page-texts/*.json` and nothing else.
 */
import type { Language } from '../domain/text/language.ts';
import ar from './page-texts/ar.json' with { type: 'json' };
import de from './page-texts/de.json' with { type: 'json' };
import en from './page-texts/en.json' with { type: 'json' };
import es from './page-texts/es.json' with { type: 'json' };
import fr from './page-texts/fr.json' with { type: 'json' };

export type PageTextKey = keyof typeof en;

const texts = { en, de, fr, es, ar } as const satisfies Record<Language, Record<PageTextKey, string>>;

/** The text with its placeholders, which the page fills with what it escaped itself. */
export function pageText(language: Language, key: PageTextKey): string {
  return texts[language][key];
}

/** Arabic numbers as people know them from codes and clocks: 0 to 9. */
const localeOf = (language: Language): string => `${language}-u-nu-latn`;

/** `4 minutes`, `45 seconds`: whole minutes from one on, never more than is left. */
export function timeLeftText(seconds: number, language: Language): string {
  const left = Math.max(0, Math.floor(seconds));
  const [count, unit] = left < 60 ? [left, 'second'] : [Math.floor(left / 60), 'minute'];
  const form = { style: 'unit', unit, unitDisplay: 'long' } as const;
  return new Intl.NumberFormat(localeOf(language), form).format(count);
}

/** `in 28 seconds`, `in 5 minutes`, `in 2 hours`: never earlier than it is. */
export function waitText(seconds: number, language: Language): string {
  const wait = Math.max(1, Math.ceil(seconds));
  const form = new Intl.RelativeTimeFormat(localeOf(language), { numeric: 'always' });
  if (wait < 60) return form.format(wait, 'second');
  return wait < 3_600
    ? form.format(Math.ceil(wait / 60), 'minute')
    : form.format(Math.ceil(wait / 3_600), 'hour');
}
