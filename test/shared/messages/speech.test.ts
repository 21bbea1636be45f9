/** What a call says. */
import { describe, expect, test } from 'vitest';
import { speechForCode, speechOfTheEnd } from '../../../shared/messages/speech.ts';
import { type Locale, locales } from '../../../shared/messages/texts.ts';

const spoken = {
  code: '120396',
  purpose: 'sign-in' as const,
  locale: 'en' as Locale,
  organisation: 'ExampleCo',
  digit: 4,
};

describe('what a call says', () => {
  test('greets with the name of the organisation, and does not say the code yet', () => {
    const { greeting, digit } = speechForCode(spoken);
    expect(greeting).toBe('This is ExampleCo. Press 4 to hear your sign-in code.');
    expect(digit).toBe('4');
  });

  test('reads the code digit by digit, with half a second between', () => {
    const { ssml } = speechForCode(spoken);
    const digits = [...ssml.matchAll(/<say-as interpret-as="digits">(\d+)<\/say-as>/g)].map(
      ([, digit]) => digit,
    );
    expect(digits).toEqual(['1', '2', '0', '3', '9', '6']);
    expect(ssml).toMatch(/^<speak>Your code is<break time="500ms"\/><say-as/);
    expect(ssml).not.toMatch(/<\/say-as><say-as/);
    expect(ssml.endsWith('</speak>')).toBe(true);
  });

  test.each(locales)('says everything in %s, and names that language to the flow', (locale) => {
    const speech = speechForCode({ ...spoken, locale });
    expect(speech.language).toBe(locale);
    expect(speech.greeting).toContain('ExampleCo');
    expect(speech.goodbye).not.toBe('');
    expect(Object.values(speech).every((part) => typeof part === 'string')).toBe(true);
    if (locale !== 'en') expect(speech.goodbye).not.toBe(speechForCode(spoken).goodbye);
  });

  test.each(locales)('says in %s that it is too late, and no more than that', (locale) => {
    const { goodbye, ...rest } = speechOfTheEnd(locale);
    expect(rest).toEqual({
      outcome: 'over',
      language: locale,
      digit: '',
      greeting: '',
      ssml: '',
    });
    expect(goodbye).not.toMatch(/\{|\d/);
    expect(goodbye.length).toBeGreaterThan(30);
  });

  test.each([
    ['en', 'This is Marks and Spencer.'],
    ['de', 'Hier ist Marks und Spencer.'],
    ['fr', 'Ici Marks et Spencer.'],
    ['es', 'Le llama Marks y Spencer.'],
    ['ar', 'معك Marks و Spencer.'],
  ] as const)('says the sign for “and” in %s', (locale, greeting) => {
    for (const organisation of ['Marks & Spencer', 'Marks&Spencer', 'Marks＆Spencer'])
      expect(speechForCode({ ...spoken, locale, organisation }).greeting).toContain(greeting);
  });

  test('template injection: does not run the markup of a name', () => {
    const speech = speechForCode({ ...spoken, organisation: '</speak><break time="10s"/>&lt;' });
    expect(speech.greeting).not.toMatch(/[<>&]/);
    expect(speech.ssml).toBe(speechForCode(spoken).ssml);
  });
});
