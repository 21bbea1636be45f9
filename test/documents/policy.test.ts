/** docs/policy.md lists every field of the policy with the default and the bounds that the code has, and no other. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  defaultPolicy,
  forgotPhoneMethods,
  mfaMethods,
  modes,
  policyBounds,
  securityCodeKinds,
} from '../../shared/domain/policy.ts';

const page = readFileSync(new URL('../../docs/policy.md', import.meta.url), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, field = '', standard, allowed, meaning]) => ({
    field: field.replaceAll('`', ''),
    standard,
    allowed,
    meaning,
  }));

const words = (values: readonly string[]) => values.map((value) => `\`${value}\``).join(', ');

function fieldsOf(policy: object, path = ''): [string, unknown][] {
  return Object.entries(policy).flatMap(([name, value]) =>
    typeof value === 'object' && !Array.isArray(value)
      ? fieldsOf(value, `${path}${name}.`)
      : [[`${path}${name}`, value] as [string, unknown]],
  );
}

const standards = new Map(fieldsOf(defaultPolicy));

const allowedWords: Record<string, string> = {
  mode: words(modes),
  mfaMethod: words(mfaMethods),
  'forgotPhone.enabled': words(['true', 'false']),
  'forgotPhone.method': words(forgotPhoneMethods),
  'forgotPhone.usersSelect': words(['true', 'false']),
  securityCodes: words(securityCodeKinds),
  'sends.countries': 'ISO 3166 countries',
};

test('every field of the policy has a row, and every row a field and a meaning', () => {
  expect(rows.map(({ field }) => field)).toEqual([...standards.keys()]);
  expect(rows.filter(({ meaning }) => !meaning)).toEqual([]);
});

test.each(rows)(
  '$field has the default and the bounds that are documented',
  ({ field, standard, allowed }) => {
    const value = standards.get(field);
    const shown = Array.isArray(value)
      ? value.join(', ')
      : typeof value === 'number'
        ? String(value)
        : `\`${value}\``;
    expect(standard).toBe(shown);
    const [minimum, maximum] = policyBounds[field as keyof typeof policyBounds] ?? [];
    const bounds = `${minimum} to ${maximum}${field === 'sends.gapsSeconds' ? ' each, never shrinking' : ''}`;
    expect(allowed).toBe(allowedWords[field] ?? bounds);
  },
);
