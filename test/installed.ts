/** The tarball of `npm pack`, installed into a project of its own: packed once per run, offline, for all who look at it. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from './documents/pages.ts';
import { once, runDirectory } from './synthesized.ts';

export const run = (
  command: string,
  parameters: readonly string[],
  cwd: string,
  environment: object = {},
): string =>
  execFileSync(command, parameters, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** The machine's own Node, not the one of our lockfile, where it is recent enough. */
export function plainNode(): string {
  const found = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .map((folder) => join(folder, 'node'))
    .find((program) => existsSync(program));
  const version = found === undefined ? '' : run(found, ['--version'], root);
  return found !== undefined && Number(/^v(\d+)/.exec(version)?.[1]) >= 20 ? found : process.execPath;
}

/** A project of modules that has the package and what it depends on, and nothing else. @returns its folder. */
export async function installed(): Promise<string> {
  const original = await once('installed', async (folder) => {
    run('npm', ['pack', '--pack-destination', folder], root);
    writeFileSync(join(folder, 'package.json'), '{"type":"module","private":true}');
    const [tarball] = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
    // What a registry would give beside it: the same package that is installed here, as a copy.
    const given = [`./${tarball}`, '--install-links', join(root, 'node_modules', 'jose')];
    run('npm', ['install', '--offline', '--no-audit', '--no-fund', ...given], folder);
  });
  const project = mkdtempSync(join(runDirectory(), 'project-'));
  cpSync(original, project, { recursive: true, verbatimSymlinks: true });
  return project;
}
