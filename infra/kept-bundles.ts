/**
 * Bundles that were made before of the same sources, beside what else is made of the installed packages: to make them
 * takes five seconds of the processor, at each start, synthesis and deployment.
 */
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';

/** All that bundles are made of: a test holds it. The lockfile stands for the packages. */
const sources = [
  '{functions,shared}/**/*',
  'infra/bundles.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];
const keptMilliseconds = 86_400_000;

/** SHA-256 in hexadecimal over the names and contents of all sources below `root`. */
export function digestOfSources(root: string): string {
  const hash = createHash('sha256');
  const files = sources.flatMap((pattern) => globSync(pattern, { cwd: root })).toSorted();
  for (const file of files.filter((each) => statSync(join(root, each)).isFile()))
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  return hash.digest('hex');
}

/** Fills `folder` with what `make` would write there, which it does for new sources alone. */
export async function takeKept(
  root: string,
  folder: string,
  make: (folder: string) => Promise<void>,
): Promise<void> {
  const all = join(root, 'node_modules', '.cache', 'bundles');
  const digest = digestOfSources(root);
  const kept = join(all, digest);
  if (!existsSync(kept)) {
    mkdirSync(all, { recursive: true });
    removeOld(all);
    const fresh = mkdtempSync(join(all, 'making-'));
    await make(fresh);
    // A source that was saved meanwhile may be in some bundles and not in others.
    if (digestOfSources(root) !== digest) return takeKept(root, folder, make);
    moveTo(kept, fresh);
  }
  rmSync(folder, { recursive: true, force: true });
  cpSync(kept, folder, { recursive: true });
}

/** In one step, so that nobody takes half of it. Whoever makes the same at the same time may be first. */
function moveTo(kept: string, fresh: string): void {
  try {
    renameSync(fresh, kept);
  } catch (error) {
    if (!existsSync(kept)) throw error;
    rmSync(fresh, { recursive: true });
  }
}

function removeOld(all: string): void {
  const isOld = (name: string) => Date.now() - statSync(join(all, name)).mtimeMs > keptMilliseconds;
  for (const name of readdirSync(all).filter(isOld))
    rmSync(join(all, name), { recursive: true, force: true });
}
