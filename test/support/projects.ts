/** Which test files `npm test` runs. */
import { globSync } from 'node:fs';
import config from '../../vitest.config.ts';
import { root } from '../documents/pages.ts';

interface Project {
  readonly test: { readonly include: string[]; readonly exclude?: string[] };
}

/** Paths from the root. */
export const runFiles: readonly string[] = ((config.test?.projects ?? []) as readonly Project[]).flatMap(
  ({ test: { include, exclude = [] } }) => globSync(include, { cwd: root, exclude }),
);
