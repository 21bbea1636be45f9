/** Assemblies for tests: the app synthesized once per run and policy, in a folder that the run shares. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runApp } from '../infra/local/template/synthesize.ts';

/** Folder of one test run: assemblies by policy, and what each stack printed. */
export function runDirectory(): string {
  const given = process.env['TEST_RUN_DIRECTORY'];
  const directory = given ?? join(tmpdir(), `mfa-fallback-tests-${process.ppid}`);
  mkdirSync(directory, { recursive: true });
  return directory;
}

/** Synthesizes once per run, policy and `fields` of the stage, also when several test files ask at the same time. @returns the assembly. */
export async function assembly(policy?: object, fields?: object): Promise<string> {
  const text = policy === undefined ? undefined : JSON.stringify(policy);
  const name = createHash('sha256')
    .update(JSON.stringify([policy, fields]))
    .digest('hex');
  const finished = join(runDirectory(), `assembly-${name.slice(0, 16)}`);
  const claim = `${finished}.claim`;
  while (!existsSync(finished)) {
    if (!tryToCreate(claim)) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      continue;
    }
    try {
      if (existsSync(finished)) break; // by whoever gave the claim up a moment ago
      const fresh = mkdtempSync(join(runDirectory(), 'synthesizing-'));
      const file = text === undefined ? undefined : join(fresh, 'policy.json');
      if (file !== undefined && text !== undefined) writeFileSync(file, text);
      await runApp(fresh, { policy: file, stages: fields && stagesWith(fields) });
      renameSync(fresh, finished);
    } finally {
      rmSync(claim, { recursive: true });
    }
  }
  return finished;
}

/** A folder with the local stage, some of whose fields are others. */
function stagesWith(fields: object): string {
  const folder = mkdtempSync(join(runDirectory(), 'stages-'));
  const own = JSON.parse(readFileSync(new URL('../infra/stages/local.json', import.meta.url), 'utf8'));
  writeFileSync(join(folder, 'local.json'), JSON.stringify({ ...own, ...fields }));
  return folder;
}

function tryToCreate(directory: string): boolean {
  try {
    mkdirSync(directory);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
