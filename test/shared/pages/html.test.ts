/** HTML in which values stay text. */
import { globSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { filled, html, verbatim } from '../../../shared/pages/html.ts';

/** Any unit of UTF-16, and often those that mean something here. */
const unitOfText = fc.oneof(
  fc.constantFrom(...'<>&"\'/ '),
  fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
);

test('a value is text, wherever it stands', () => {
  const value = `<script>alert("&'")</script>`;
  const safe = '&#60;script&#62;alert(&#34;&#38;&#39;&#34;)&#60;/script&#62;';
  expect(html`<p title="${value}">${value}</p>`.markup).toBe(`<p title="${safe}">${safe}</p>`);
  expect(filled('a {x} <b>', { x: value }).markup).toBe(`a <bdi>${safe}</bdi> &#60;b&#62;`);
});

test('HTML of ours stays what it is, in lists and in placeholders too', () => {
  const inner = html`<b>1</b>`;
  expect(html`${[inner, inner]}${undefined}${false}${0}`.markup).toBe('<b>1</b><b>1</b>0');
  expect(filled('{x}{y}', { x: inner }).markup).toBe('<b>1</b>{y}');
});

test('a value that looks like a placeholder is not filled again', () => {
  expect(filled('{x}', { x: '{y}', y: 'no' }).markup).toBe('<bdi>{y}</bdi>');
});

test('no value ends an attribute or opens a tag', () => {
  fc.assert(
    fc.property(fc.string({ unit: unitOfText }), (value) => {
      expect(html`${value}`.markup).not.toMatch(/[<>"']/);
    }),
  );
});

test('a style or script that would end early is refused', () => {
  expect(() => verbatim('script', 'let x = "</script>"')).toThrow('would end early');
});

test('every value in a tag of the pages is between double quotes', () => {
  const sources = globSync('shared/pages/*.ts').map((path) => readFileSync(path, 'utf8'));
  expect(sources.length).toBeGreaterThan(15);
  for (const source of sources) expect(source).not.toMatch(/\s[a-z-]+=\$\{/);
});
