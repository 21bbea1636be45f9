/** Texts of the messages in every language. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { septets } from '../../../shared/messages/gsm7.ts';
import { locales, promptFor, resolveLocale, type TextKey, text } from '../../../shared/messages/texts.ts';

const folder = new URL('../../../shared/messages/texts/', import.meta.url);
const read = (file: string): Record<string, string> =>
  JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
const english = read('en.json');
const placeholders = (wording: string) => (wording.match(/\{\w+\}/g) ?? []).sort();

describe.each(locales)('the texts in %s', (locale) => {
  const texts = read(`${locale}.json`);

  test('have the keys of the English ones, in the same order', () => {
    expect(Object.keys(texts)).toEqual(Object.keys(english));
  });

  test.each(Object.keys(english))('name the same values in %s', (key) => {
    expect(texts[key]?.trim()).toBeTruthy();
    expect(placeholders(texts[key] ?? '')).toEqual(placeholders(english[key] ?? ''));
  });

  test('leave no placeholder when every value is given', () => {
    const names = [
      'code',
      'device',
      'organisation',
      'digit',
      'lifetime',
      'count',
      'duration',
      'destination',
      'supportContact',
      'choices',
      'prompt',
      'number',
      'question',
    ];
    const values = Object.fromEntries(names.map((name) => [name, 'x']));
    for (const key of Object.keys(english)) expect(text(locale, key as TextKey, values)).not.toMatch(/[{}]/);
  });
});

test('every file is a language that is spoken', () => {
  expect(readdirSync(folder).sort()).toEqual(locales.map((locale) => `${locale}.json`).sort());
});

test.each(locales.filter((locale) => locale !== 'ar'))('the SMS in %s needs no other alphabet', (locale) => {
  const keys = Object.keys(english).filter((key) => key.startsWith('sms.')) as TextKey[];
  expect(keys.length).toBeGreaterThan(4);
  for (const key of keys)
    expect(
      septets(text(locale, key, { code: '123456', organisation: 'ExampleCo', lifetime: '5 min' })),
    ).toBeDefined();
});

describe('a language tag', () => {
  test.each([
    ['de', 'de'],
    ['de-AT', 'de'],
    ['DE_at', 'de'],
    ['ar-Arab-EG', 'ar'],
    ['fr-CA-u-ca-gregory', 'fr'],
  ])('%s is spoken as %s', (tag, locale) => {
    expect(resolveLocale(tag, 'en')).toBe(locale);
  });

  test.each(['', 'tlh', 'den', 'deutsch', '__proto__', 'x-de'])(
    '%j gets the language of last resort',
    (tag) => {
      expect(resolveLocale(tag, 'fr')).toBe('fr');
    },
  );
});

describe('a prompt', () => {
  test('names the masked destination', () => {
    expect(promptFor('en', 'a•••@example.com')).toBe('Please enter the code sent to a•••@example.com');
  });

  test('is in the language of the person', () => {
    expect(promptFor('de', '•••• ••23')).toBe(
      'Bitte geben Sie den Code ein, der an •••• ••23 gesendet wurde',
    );
  });

  test('reads the same in Arabic, where a mask by itself would turn round', () => {
    for (const mask of ['•••• ••23', '1•••@example.com'])
      expect(promptFor('ar', mask)).toBe(`يرجى إدخال الرمز المرسل إلى \u2066${mask}\u2069`);
  });
});

describe('a value in a text', () => {
  test.each(['{code}', '${code}', '{{code}}', '$&', '$1', '%s', '{destination}'])('stays %j', (value) => {
    expect(text('en', 'prompt', { destination: value, code: '123456' })).toBe(
      `Please enter the code sent to ${value}`,
    );
  });
});
