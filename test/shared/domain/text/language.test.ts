/** Language tags: none ends a sign-in. */
import { expect, test } from 'vitest';
import { spokenLanguage } from '../../../../shared/domain/text/language.ts';

test.each([
  ['de', 'de'],
  ['de-AT', 'de'],
  ['DE_at', 'de'],
  ['ar-Arab-EG', 'ar'],
  ['en-US-u-hc-h23', 'en'],
  ['de-DE@posix', 'de'],
  ['de_CH.UTF-8', 'de'],
  ['de-AT,de;q=0.9', 'de'],
  ['it-IT, fr-CH;q=0.8, en;q=0.5', 'fr'],
  [' es ', 'es'],
  ['de-'.repeat(1_000), 'de'],
])('%j asks for %s', (tag, language) => {
  expect(spokenLanguage(tag)).toBe(language);
});

test.each(['', 'C', 'POSIX', 'tlh', 'den', 'deutsch', '*', 'zh-CHS', '__proto__', 'x-de'])(
  '%j asks for none that is spoken',
  (tag) => {
    expect(spokenLanguage(tag)).toBeUndefined();
  },
);
