/** Which test files `npm test` runs, by the project of its configuration that includes them. */
import { globSync } from 'node:fs';
import config from '../../vitest.config.ts';
import { root } from '../documents/pages.ts';

interface Project {
  readonly test: { readonly name: string; readonly include: string[]; readonly exclude?: string[] };
}

/** Paths from the root, by the project's name. */
export const filesOf: ReadonlyMap<string, readonly string[]> = new Map(
  ((config.test?.projects ?? []) as readonly Project[]).map(({ test: { name, include, exclude = [] } }) => [
    name,
    globSync(include, { cwd: root, exclude }),
  ]),
);

export const runFiles: readonly string[] = [...filesOf.values()].flat();
