/** Everything that people read and hear, in five languages. A translator edits `texts/*.json` and nothing else. */
import type { CatalogueQuestion } from '../domain/kba/catalogue.ts';
import ar from './texts/ar.json' with { type: 'json' };
import de from './texts/de.json' with { type: 'json' };
import en from './texts/en.json' with { type: 'json' };
import es from './texts/es.json' with { type: 'json' };
import fr from './texts/fr.json' with { type: 'json' };

export type TextKey = keyof typeof en;

const texts = { en, de, fr, es, ar } as const satisfies Record<string, Record<TextKey, string>>;
export type Locale = keyof typeof texts;
export const locales = Object.keys(texts) as Locale[];

/** The language for a tag: German for `de-AT`, and the last resort for a language that there are no texts in. */
export function resolveLocale(tag: string, lastResort: Locale = 'en'): Locale {
  const language = tag.split(/[-_]/)[0]?.toLowerCase();
  return locales.find((locale) => locale === language) ?? lastResort;
}

/** Fills the placeholders of a text. A value that looks like a placeholder is not filled again. */
export function text(locale: Locale, key: TextKey, values: Readonly<Record<string, string>> = {}): string {
  return texts[locale][key].replace(/\{(\w+)\}/g, (placeholder, name: string) => values[name] ?? placeholder);
}

/** What the person reads above the field for the code. */
export function promptFor(tag: string, destination: string): string {
  return text(resolveLocale(tag), 'prompt', { destination });
}

/** The wording of a question of the catalogue. */
export function questionText(tag: string, question: CatalogueQuestion): string {
  return text(resolveLocale(tag), `question.${question}`);
}

/**
 * A name from outside as one line of visible text, without controls and marks of direction.
 *
 * @param most characters that are kept
 */
export function visibleLine(name: string, most: number): string {
  const visible = name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').replace(/\s+/g, ' ');
  return Array.from(visible.trim()).slice(0, most).join('').trim();
}
