/** CONTRIBUTING.md says of every room of shared what the linter lets it import, read and call, and of no other room. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './pages.ts';

const page = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
const namesIn = (text: string) => Array.from(text.matchAll(/`([^`]+)`/g), ([, name = '']) => name);

interface Row {
  readonly imports: readonly string[];
  /** Whether the cells after the second say yes. */
  readonly isYes: readonly boolean[];
}

/** Rooms of a table by its heading. */
function tableOf(heading: string): Map<string, Row> {
  const [, below = ''] = page.split(`| ${heading} |`);
  const [table = ''] = below.split('\n\n');
  const rows = table
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').slice(1, -1));
  return new Map(
    rows.map(([room = '', imports = '', ...cells]) => [
      namesIn(room).join(),
      { imports: namesIn(imports).toSorted(), isYes: cells.map((cell) => cell.trim() === 'yes') },
    ]),
  );
}

interface Override {
  readonly includes: readonly string[];
  readonly linter?: {
    readonly rules?: {
      readonly style?: {
        readonly noProcessEnv?: string;
        readonly noRestrictedImports?: {
          readonly options: { readonly patterns: { readonly group: string[] }[] };
        };
      };
    };
  };
}

const { overrides } = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8')) as { overrides: Override[] };

/** The lists of what a room may not import, the room's own first. */
function groupsOf(room: string): readonly (readonly string[])[] {
  const own = overrides.find(({ includes }) => includes.includes(`${room}/**`));
  return own?.linter?.rules?.style?.noRestrictedImports?.options.patterns.map(({ group }) => group) ?? [];
}

/** The patterns of the room's own list, those with `!` taken out of it again. */
const groupOf = (room: string) => groupsOf(room)[0] ?? [];

const mayReadEnvironment = (room: string) =>
  overrides.some(
    ({ includes, linter }) => includes.includes(`${room}/**`) && linter?.rules?.style?.noProcessEnv === 'off',
  );
const mayCallAws = (room: string) =>
  !groupsOf(room).some((group) => group.includes('@aws-sdk/**') && group.includes('@smithy/**'));

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

test.each([...domain])('the domain’s room %s imports what the linter allows', (room, { imports }) => {
  const allowed = groupOf(`shared/domain/${room}`).flatMap(
    (pattern) => /^!\.\.\/([\w-]+)(?:\/\*)?\.ts$/.exec(pattern)?.[1] ?? [],
  );
  expect(imports).toEqual(allowed.toSorted());
});

test.each([...around])('the room %s imports what the linter does not forbid', (room, { imports }) => {
  const forbidden = groupOf(`shared/${room}`);
  expect(forbidden).toEqual(expect.arrayContaining(['**/functions/**', '**/infra/**']));
  const allowed = foldersIn('shared')
    .filter((other) => other !== room && other !== 'domain')
    .filter((other) => !forbidden.includes(`../${other}/**`) && !forbidden.includes('../**'));
  expect(imports).toEqual(allowed.toSorted());
});

test.each([...around])(
  'the room %s reads the environment and calls AWS as the linter lets it',
  (room, row) => {
    expect(row.isYes).toEqual([mayReadEnvironment(`shared/${room}`), mayCallAws(`shared/${room}`)]);
  },
);

test('of the domain every room is closed to AWS, and of the functions one file is open', () => {
  expect(foldersIn('shared/domain').filter((room) => groupOf(`shared/domain/${room}`)[0] !== '**')).toEqual(
    [],
  );
  expect(mayCallAws('functions')).toBe(false);
  const open = overrides.filter(({ includes }) => includes.some((path) => path.startsWith('functions/')));
  expect(open.map(({ includes }) => includes)).toEqual([['functions/**'], ['functions/deliver/clients.ts']]);
});
