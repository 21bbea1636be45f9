/** Texts of the pages in every language. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { languages } from '../../../shared/domain/text/language.ts';
import { timeLeftText, waitText } from '../../../shared/messages/page-texts.ts';

const folder = new URL('../../../shared/messages/page-texts/', import.meta.url);
const read = (file: string): Record<string, string> =>
  JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
const english = read('en.json');
const placeholders = (wording: string) => (wording.match(/\{\w+\}/g) ?? []).sort();

describe.each(languages)('the texts of the pages in %s', (language) => {
  const texts = read(`${language}.json`);

  test('have the keys of the English ones, in the same order', () => {
    expect(Object.keys(texts)).toEqual(Object.keys(english));
  });

  test('name the same values', () => {
    const named = (all: Record<string, string>) =>
      Object.entries(all).map(([key, wording]) => [key, placeholders(wording)]);
    expect(named(texts)).toEqual(named(english));
  });

  test('are all there, without a stray space', () => {
    for (const wording of Object.values(texts)) expect(wording).toBe(wording.trim() || 'a text');
  });

  test('say times in words and in digits that codes have', () => {
    for (const seconds of [1, 30, 59, 60, 61, 299, 3_600, 7_000]) {
      expect(timeLeftText(seconds, language)).toMatch(/^[^٠-٩]+$/);
      expect(waitText(seconds, language)).toMatch(/^[^٠-٩]+$/);
    }
  });
});

test('every file is a language that is spoken', () => {
  expect(readdirSync(folder).sort()).toEqual(languages.map((language) => `${language}.json`).sort());
});

test('a life time is never said longer than it is, and a wait never shorter', () => {
  expect(timeLeftText(299, 'en')).toBe('4 minutes');
  expect(timeLeftText(59.9, 'en')).toBe('59 seconds');
  expect(timeLeftText(-3, 'en')).toBe('0 seconds');
  expect(waitText(0, 'en')).toBe('in 1 second');
  expect(waitText(61, 'en')).toBe('in 2 minutes');
  expect(waitText(3_601, 'en')).toBe('in 2 hours');
});
