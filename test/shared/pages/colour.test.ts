/** Colours of an organisation that stay legible. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { accentsOf, contrastOf, defaultColour, surfaces } from '../../../shared/pages/colour.ts';
import { styleFor } from '../../../shared/pages/style.ts';

test.each([
  ['#000000', '#ffffff', 21],
  ['#777777', '#ffffff', 4.48],
  ['#1f4fd8', '#1f4fd8', 1],
])('the contrast of %s and %s is %d', (one, other, ratio) => {
  expect(contrastOf(one, other)).toBeCloseTo(ratio, 2);
});

test('a colour that can be read stays what it is', () => {
  expect(accentsOf('#1f4fd8').light).toEqual({ fill: '#1f4fd8', onFill: '#ffffff', ink: '#1f4fd8' });
});

test('of any colour, words and frames can be read on light and on dark', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffff }), (value) => {
      const accents = accentsOf(`#${value.toString(16).padStart(6, '0')}`);
      for (const scheme of ['light', 'dark'] as const) {
        const { fill, onFill, ink } = accents[scheme];
        expect(contrastOf(onFill, fill)).toBeGreaterThanOrEqual(4.5);
        expect(contrastOf(ink, surfaces[scheme])).toBeGreaterThanOrEqual(4.5);
        expect(contrastOf(fill, surfaces[scheme])).toBeGreaterThanOrEqual(3);
      }
    }),
  );
});

test('what is no colour gets the default, and nothing of it into the style', () => {
  expect(accentsOf('red;}*{display:none}')).toEqual(accentsOf(defaultColour));
  expect(styleFor('red;}*{display:none}')).toBe(styleFor(undefined));
});

test.each(['light', 'dark'] as const)('every tone of the %s style can be read on its ground', (scheme) => {
  const [light = '', dark = ''] = styleFor(undefined).split('@media (prefers-color-scheme:dark)');
  const tone = (name: string) =>
    new RegExp(`--${name}:(#[0-9a-f]{6})`).exec(scheme === 'light' ? light : dark)?.[1] ?? '';
  const pairs = [
    ['text', 'card', 4.5],
    ['text', 'tint', 4.5],
    ['text', 'bad-tint', 4.5],
    ['soft', 'card', 4.5],
    ['soft', 'page', 4.5],
    ['soft', 'tint', 4.5],
    ['bad', 'card', 4.5],
    ['bad', 'bad-tint', 4.5],
    ['ink', 'page', 4.5],
    ['frame', 'card', 3],
  ] as const;
  for (const [one, other, least] of pairs) {
    expect(contrastOf(tone(one), tone(other)), `${one} on ${other}`).toBeGreaterThanOrEqual(least);
  }
});
