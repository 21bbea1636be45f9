/** CONTRIBUTING.md says of every room of shared what the linter lets it import, and of no other room. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './pages.ts';

const page = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
const namesIn = (text: string) => Array.from(text.matchAll(/`([^`]+)`/g), ([, name = '']) => name);

/** Rooms of a table by its heading: what each row says it imports. A row may name several rooms. */
function tableOf(heading: string): Map<string, string[]> {
  const [, below = ''] = page.split(`| ${heading} |`);
  const [table = ''] = below.split('\n\n');
  const rows = table
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|'));
  return new Map(
    rows.flatMap(([, rooms = '', imports = '']) =>
      namesIn(rooms).map((room): [string, string[]] => [room, namesIn(imports).toSorted()]),
    ),
  );
}

interface Override {
  readonly includes: readonly string[];
  readonly linter?: {
    readonly rules?: {
      readonly style?: {
        readonly noRestrictedImports?: {
          readonly options: { readonly patterns: { readonly group: string[] }[] };
        };
      };
    };
  };
}

const { overrides } = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8')) as { overrides: Override[] };

/** The patterns of what a room may not import, those with `!` taken out of it again. */
function groupOf(room: string): readonly string[] {
  const own = overrides.find(({ includes }) => includes.includes(`${room}/**`));
  return own?.linter?.rules?.style?.noRestrictedImports?.options.patterns[0]?.group ?? [];
}

const foldersIn = (path: string) =>
  readdirSync(join(root, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

const domain = tableOf('room of `shared/domain` | imports');
const around = tableOf('room of `shared` | imports the domain and');

test('every room has its row, and every row its room', () => {
  expect([...domain.keys()].toSorted()).toEqual(foldersIn('shared/domain').toSorted());
  expect([...around.keys(), 'domain'].toSorted()).toEqual(foldersIn('shared').toSorted());
});

test.each([...domain])('the domain’s room %s imports what the linter allows', (room, imports) => {
  const allowed = groupOf(`shared/domain/${room}`).flatMap(
    (pattern) => /^!\.\.\/([\w-]+)(?:\/\*)?\.ts$/.exec(pattern)?.[1] ?? [],
  );
  expect(imports).toEqual(allowed.toSorted());
});

test.each([...around])('the room %s imports what the linter does not forbid', (room, imports) => {
  const forbidden = groupOf(`shared/${room}`);
  expect(forbidden.length).toBeGreaterThan(3);
  const allowed = foldersIn('shared')
    .filter((other) => other !== room && other !== 'domain')
    .filter((other) => !forbidden.includes(`../${other}/**`));
  expect(imports).toEqual(allowed.toSorted());
});
