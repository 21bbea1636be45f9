/** docs/architecture.md: its diagrams name files and functions that exist, its requests to the table are those counted. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { doorRoutes, routes } from '../../shared/http/routes.ts';
import { databaseRequests, totalOf } from '../support/database-requests.ts';
import { pages, root } from './pages.ts';

const text = pages().find(({ path }) => path === 'docs/architecture.md')?.text ?? '';
const sections = text.split(/^## /m).slice(1);
const diagrams = sections.slice(0, 3).map((section) => {
  const [, diagram = ''] = /^```mermaid\nsequenceDiagram\n([\s\S]*?)^```$/m.exec(section) ?? [];
  return { title: section.split('\n')[0] as string, lines: diagram.trimEnd().split('\n') };
});
const named = (line: string) => line.match(/[\w./-]+\.(?:ts|mjs)\b/g) ?? [];

test('a sign-in, a recovery and a help-desk code come before all else', () => {
  expect(diagrams.map(({ title }) => title)).toEqual(['A sign-in', 'A recovery', 'A help-desk code']);
});

test.each(diagrams)('$title names ten files or more, and all of them exist', ({ lines }) => {
  const files = lines.flatMap(named);
  expect(new Set(files).size).toBeGreaterThanOrEqual(10);
  expect(files.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test.each(diagrams)(
  '$title has arrows between parts that it introduces, and none of another form',
  ({ lines }) => {
    const part = /^ {2}(?:actor|participant) (\w+) as [\w -]+$/;
    const parts = lines.flatMap((line) => part.exec(line)?.[1] ?? []);
    const steps = lines.filter((line) => !part.test(line));
    const unknown = steps.filter((line) => {
      const [, ...ends] = /^ {2}(?:(\w+)-?->>(\w+)|Note over (\w+)): [^;#]+$/.exec(line) ?? [];
      const own = ends.filter((end) => end !== undefined);
      return own.length === 0 || !own.every((end) => parts.includes(end));
    });
    expect(unknown).toEqual([]);
  },
);

test('the parts behind the API are the functions that have routes', () => {
  const [, group = ''] = /^ {2}subgraph functions .*\n([\s\S]*?)^ {2}end$/m.exec(text) ?? [];
  const parts = Array.from(group.matchAll(/\["([\w-]+)"\]/g), ([, name]) => name);
  const routed = new Set([...routes, ...doorRoutes].map((route) => route.function));
  expect(parts.toSorted()).toEqual([...routed].toSorted());
});

test('each operation is said to ask DynamoDB as often as tests count at the wire', () => {
  const [, table = ''] = /^\| operation \| requests \|.*\n\|[-|]+\n((?:\|.*\n)+)/m.exec(text) ?? [];
  const rows = table
    .trimEnd()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, operation, figures = '']) => [operation, (figures.match(/\d+/g) ?? []).map(Number)]);
  const counted = Object.entries(databaseRequests).map(([operation, cases]) => [
    operation,
    cases.map(totalOf),
  ]);
  expect(rows).toEqual(counted);
});
