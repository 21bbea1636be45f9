/** Groups of PCs in a stage: what is refused, by which words. */
import { expect, test } from 'vitest';
import { ConfigurationError } from '../../../infra/configuration/problems.ts';
import { loadStage } from '../../../infra/configuration/stage.ts';

const digest = (at: number) => String(at).padStart(64, '0');
const group = (name: string, ...keys: string[]) => ({ name, mode: 'Hybrid', keys });

function faults(groups: unknown, more: object = {}): string[] {
  try {
    loadStage('production', { overrides: { windows: { groups }, ...more } });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.problems.map(({ field, message }) => `${field}: ${message}`);
  }
}

test('a group has one key, or two while one replaces the other', () => {
  expect(faults([group('pcs', digest(1))])).toEqual([]);
  expect(faults([group('pcs', digest(1), digest(2)), { ...group('entra', digest(3)), mode: 'MFA' }])).toEqual(
    [],
  );
});

test.each([
  ['no group', [], /^windows\.groups: .*a list of 1 to 8 groups/],
  ['no key', [group('pcs')], /^windows\.groups\.0\.keys: .*one or two SHA-256 digests/],
  ['three keys', [group('pcs', digest(1), digest(2), digest(3))], /one or two SHA-256 digests/],
  ['a key in place of its digest', [group('pcs', 'local')], /one or two SHA-256 digests/],
  ['a mode that is none', [{ ...group('pcs', digest(1)), mode: 'Fido' }], /Hybrid, MFA, DirectFidoAuth/],
  ['a name with a space', [group('my pcs', digest(1))], /lower-case letters, digits and hyphens/],
  [
    'a name twice',
    [group('pcs', digest(1)), group('pcs', digest(2))],
    /^windows\.groups: "pcs".*each name once/,
  ],
  ['a key twice', [group('a', digest(1)), group('b', digest(1))], /each key in one group, and there once$/],
])('%s is refused', (_, groups, message) => {
  expect(faults(groups)).toEqual([expect.stringMatching(message)]);
});

test('what does not fit into the environment of the function is refused', () => {
  const eight = Array.from({ length: 8 }, (_, at) =>
    group(`${at}`.padStart(32, 'g'), digest(2 * at), digest(2 * at + 1)),
  );
  const keys = { pepper: { versions: [8, 7, 6, 5, 4, 3, 2, 1] } };
  expect(faults(eight, { keys })).toEqual([
    expect.stringMatching(/^windows\.groups: it takes \d+ bytes; use at most \d+/),
  ]);
  expect(faults(eight.slice(0, 4), { keys })).toEqual([]);
  expect(faults(eight)).toEqual([]);
});
