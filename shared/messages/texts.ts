/** Everything that people read and hear, in every language of the list. A translator edits `texts/*.json` and nothing else. */
import type { CatalogueQuestion } from '../domain/kba/catalogue.ts';
import { type Language, languages, spokenLanguage } from '../domain/text/language.ts';
import ar from './texts/ar.json' with { type: 'json' };
import de from './texts/de.json' with { type: 'json' };
import en from './texts/en.json' with { type: 'json' };
import es from './texts/es.json' with { type: 'json' };
import fr from './texts/fr.json' with { type: 'json' };

export type TextKey = keyof typeof en;

const texts = { en, de, fr, es, ar } as const satisfies Record<Language, Record<TextKey, string>>;
export type Locale = Language;
export const locales: readonly Locale[] = languages;

/** The language for a tag: German for `de-AT`, and the last resort for a language that there are no texts in. */
export function resolveLocale(tag: string, lastResort: Locale): Locale {
  return spokenLanguage(tag) ?? lastResort;
}

/** Fills the placeholders of a text. A value that looks like a placeholder is not filled again. */
export function text(locale: Locale, key: TextKey, values: Readonly<Record<string, string>> = {}): string {
  return texts[locale][key].replace(/\{(\w+)\}/g, (placeholder, name: string) => values[name] ?? placeholder);
}

/** What the person reads above the field for the code. */
export function promptFor(locale: Locale, destination: string): string {
  return text(locale, 'prompt', { destination: asOnePiece(destination, locale) });
}

/** The same where no code was sent yet: when one can be asked for, or that it can be now. */
export function promptForUnsent(locale: Locale, destination: string, duration: string | undefined): string {
  const values = { destination: asOnePiece(destination, locale) };
  if (duration === undefined) return text(locale, 'prompt.unsent.now', values);
  return text(locale, 'prompt.unsent', { ...values, duration });
}

/** The wording of a question of the catalogue. */
export function questionText(locale: Locale, question: CatalogueQuestion): string {
  return text(locale, `question.${question}`);
}

/**
 * A number, a mask or an address in a text that is read from right to left: by itself its groups would change places.
 * Isolates are of the direction that the piece has: from left to right, unless it is in words.
 */
export function asOnePiece(piece: string, locale: Locale): string {
  if (locale !== 'ar' || piece === '') return piece;
  return `${rightToLeft.test(piece) ? '\u2068' : '\u2066'}${piece}\u2069`;
}

/** A name beside Arabic words. One in the same script needs nothing, and an SMS has no room to waste. */
export function nameInText(name: string, locale: Locale): string {
  return locale !== 'ar' || !/[^\p{Script=Arabic}\p{P}\s]/u.test(name) ? name : `\u2068${name}\u2069`;
}

const rightToLeft = /[\p{Script=Arabic}\p{Script=Hebrew}]/u;
