/** The bundles of a test run, made to hash answers and codes at the least cost: a hash at full cost takes 70 ms of a core. */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { currentCost as lowCost } from './low-argon2id-cost.ts';

/** As esbuild writes `argon2id-cost.ts`. */
const fullCost = /\{memory:19456,passes:2,parallelism:1\}/g;

/** Set for what runs under vitest; the evidence and the bench measure the product as it is. */
export const isLowCostRun = (): boolean => process.env['TEST_HASHES'] === 'low-cost';

/** @throws when no bundle in `assembly` hashes at the full cost: it would not be the product that is tested. */
export function lowerCost(assembly: string): void {
  const lowered = globSync('asset.*/**/*.{js,mjs}', { cwd: assembly }).filter((file) => {
    const path = join(assembly, file);
    const text = readFileSync(path, 'utf8');
    const changed = text.replace(fullCost, JSON.stringify(lowCost));
    if (changed === text) return false;
    writeFileSync(path, changed);
    return true;
  });
  if (lowered.length === 0) throw new Error(`no bundle in ${assembly} hashes at the full cost`);
}
