/** docs/policy.md lists every field of the policy with the default and the bounds that the code has, and no other; and the rules across fields. */
import { readFileSync } from 'node:fs';
import { type CountryCode, getCountries, getCountryCallingCode } from 'libphonenumber-js/max';
import { expect, test } from 'vitest';
import { ConfigurationError } from '../../infra/configuration/problems.ts';
import { loadStage } from '../../infra/configuration/stage.ts';
import {
  callerAddressKinds,
  callerProofs,
  defaultPolicy,
  forgotPhoneMethods,
  mfaMethods,
  modes,
  policyBounds,
  policyShares,
  secondOperators,
  securityCodeKinds,
} from '../../shared/domain/policy/policy.ts';

const page = readFileSync(new URL('../../docs/policy.md', import.meta.url), 'utf8');
const [fieldsPart = '', rulesPart = ''] = page.split('\n## Across fields\n');
const rows = fieldsPart
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
  'helpDesk.callerProof': words(callerProofs),
  'helpDesk.callerAddresses': `some of ${words(callerAddressKinds)}`,
  'helpDesk.secondOperator': words(secondOperators),
  'helpDesk.showCodes': words(['true', 'false']),
  'sends.countries': 'ISO 3166 countries',
  'enrolment.defaultCountry': '`none`, or an ISO 3166 country',
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
    const all: Readonly<Record<string, readonly [number, number]>> = { ...policyBounds, ...policyShares };
    const [minimum, maximum] = all[field] ?? [];
    const bounds = `${minimum} to ${maximum}${field === 'sends.gapsSeconds' ? ' each, never shrinking' : ''}`;
    expect(allowed).toBe(allowedWords[field] ?? bounds);
  },
);

const rules = rulesPart.split('\n').filter((line) => line.startsWith('| `'));
const source = readFileSync(new URL('../../infra/configuration/rules.ts', import.meta.url), 'utf8');

/** Fields that a stage with this policy is refused for. */
function refusedFor(policy: object, rest: object = {}): string[] {
  try {
    loadStage('production', { overrides: { policy, ...rest } });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.problems.map(({ field }) => field);
  }
}

function nested(...entries: [string, unknown][]): Record<string, Record<string, unknown>> {
  const groups: Record<string, Record<string, unknown>> = {};
  for (const [path, value] of entries) {
    const [group = '', name = ''] = path.split('.');
    groups[group] ??= {};
    Object.assign(groups[group], { [name]: value });
  }
  return groups;
}

const orders = rules.flatMap((rule) =>
  Array.from(rule.matchAll(/^\| `([\w.]+)` ≥ `([\w.]+)` \|/g), ([, field = '', least = '']) => ({
    field,
    least,
  })),
);

test('every rule across fields has its row', () => {
  const inSource = Array.from(
    source.matchAll(/atLeast\('(\w+)', '(\w+)', '(\w+)'(?:, 0)?\)/g),
    ([, group, field, least]) => ({ field: `${group}.${field}`, least: `${group}.${least}` }),
  );
  expect(inSource.length).toBeGreaterThan(0);
  expect(orders).toEqual(inSource);
  const needed = Array.from(source.matchAll(/needs: \[(.*)\]/g), ([, needs = '']) => needs);
  const named = needed.flatMap((needs) =>
    Array.from(needs.matchAll(/'policy\.([\w.]+)'/g), ([, path]) => path),
  );
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((path) => !rules.some((rule) => rule.includes(`\`${path}\``)))).toEqual([]);
});

test.each(orders)('$field may equal $least and not be less', ({ field, least }) => {
  const [lowest, most] = policyBounds[field as keyof typeof policyBounds];
  const [, highest] = policyBounds[least as keyof typeof policyBounds];
  const same = Math.min(most, highest);
  expect(refusedFor(nested([field, same], [least, same]))).toEqual([]);
  // One above the lowest, which may be off.
  expect(refusedFor(nested([field, lowest + 1], [least, highest]))).toEqual([`policy.${field}`]);
});

test('one to six gaps that never shrink', () => {
  const gaps = (...gapsSeconds: number[]) => refusedFor({ sends: { gapsSeconds } });
  expect([gaps(30), gaps(30, 30, 60, 60, 120, 600)]).toEqual([[], []]);
  const refused = ['policy.sends.gapsSeconds'];
  expect([gaps(), gaps(30, 30, 30, 30, 30, 30, 30), gaps(60, 30)]).toEqual([refused, refused, refused]);
});

test('one country at least, voice for calls, and as many questions as are asked', () => {
  expect(refusedFor({ sends: { countries: [] } })).toEqual(['policy.sends.countries']);
  expect(refusedFor({ mfaMethod: 'Call' })).toEqual(['policy.mfaMethod']);
  const listed = ['first-car', 'first-film', 'first-teacher', 'first-concert'].map((id) => ({ id }));
  const retired = [{ id: 'childhood-book', retired: true }];
  expect(refusedFor({ kba: { questions: 4 } }, { questions: listed })).toEqual([]);
  expect(refusedFor({ kba: { questions: 5 } }, { questions: listed })).toEqual(['questions']);
  expect(refusedFor({ kba: { questions: 4 } }, { questions: [...listed, ...retired] })).toEqual([
    'questions',
  ]);
});

test('the territories under a country code of somebody else are those that the library knows', () => {
  const [, part = ''] = page.split('\n## Countries\n');
  const shared = Array.from(
    part.matchAll(/^\| \+(\d+), `(\w\w)` \| (.+) \|$/gm),
    ([, code = '', main = '', others = '']) => ({
      code,
      main,
      others: Array.from(others.matchAll(/`(\w\w)`/g), ([, country = '']) => country),
      isAll: !others.includes('for example'),
    }),
  );
  expect(shared.length).toBeGreaterThan(5);
  for (const { code, main, others, isAll } of shared) {
    const known = getCountries().filter(
      (country) => getCountryCallingCode(country) === code && country !== main,
    );
    expect(others.filter((country) => !known.includes(country as CountryCode))).toEqual([]);
    if (isAll) expect(others.toSorted()).toEqual(known.toSorted());
  }
  const alone = Array.from(part.matchAll(/`(\w\w)`[^`]*?\(\+(\d+)\)/g), ([, country, code]) => [
    country,
    code,
  ]);
  expect(alone.length).toBeGreaterThan(4);
  for (const [country, code] of alone) expect(getCountryCallingCode(country as CountryCode)).toBe(code);
});
