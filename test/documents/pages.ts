/** The project's Markdown pages, and what in them can be checked: links, headings, code. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

const notOurs = ['node_modules', 'cdk.out', 'dist', '.stage'];

export interface Page {
  /** Path from the root. */
  readonly path: string;
  readonly text: string;
  /** As GitHub makes them. */
  readonly anchors: readonly string[];
  /** Targets of links that stay inside the project. */
  readonly links: readonly string[];
  /** Commands and names in code, inline or fenced, one line each. */
  readonly code: readonly string[];
}

export function pages(): Page[] {
  return globSync('**/*.md', { cwd: root, exclude: notOurs }).map((path) =>
    pageOf(path, readFileSync(join(root, path), 'utf8')),
  );
}

function pageOf(path: string, text: string): Page {
  const fenced = Array.from(text.matchAll(/^```[^\n]*\n([\s\S]*?)^```$/gm), ([, block = '']) => block);
  const prose = text.replace(/^```[^\n]*\n[\s\S]*?^```$/gm, '');
  const inline = Array.from(prose.matchAll(/`([^`\n]+)`/g), ([, code = '']) => code);
  const targets = Array.from(prose.matchAll(/\]\(([^)\s]+)\)/g), ([, target = '']) => target);
  return {
    path,
    text,
    anchors: Array.from(prose.matchAll(/^#+ (.+)$/gm), ([, heading = '']) => slug(heading)),
    links: targets.filter((target) => !/^[a-z]+:/.test(target)),
    code: [...inline, ...fenced.flatMap((block) => block.split('\n'))],
  };
}

function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}
