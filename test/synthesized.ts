/**
 * Assemblies for tests: the app is synthesized once per run as `npm start` does it. Every other policy or stage is a
 * variant, which takes over the bundles of that one and leaves out the validator that passed it.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadStage } from '../infra/configuration/stage.ts';
import { runApp } from '../infra/local/template/synthesize.ts';
import { isLowCostRun, lowerCost } from './support/low-cost-bundles.ts';

/** Settings of CDK: where each resource was written takes a quarter of a synthesis, and is in no template. */
export const withoutStackTraces = {
  'aws:cdk:disable-stack-trace': true,
  'aws:cdk:disable-creation-stack-traces': true,
} as const;

/** Folder of one test run: assemblies by policy, and what each stack printed. */
export function runDirectory(): string {
  const given = process.env['TEST_RUN_DIRECTORY'];
  const directory = given ?? join(tmpdir(), `mfa-fallback-tests-${process.ppid}`);
  mkdirSync(directory, { recursive: true });
  return directory;
}

/** Synthesizes once per run, policy and `fields` of the stage, also when several test files ask at the same time. @returns the assembly. */
export async function assembly(policy?: object, fields?: object): Promise<string> {
  if (policy === undefined && fields === undefined) return once('assembly', writeApp);
  const asked = JSON.stringify([policy, fields]);
  const name = createHash('sha256').update(asked).digest('hex').slice(0, 16);
  return once(`assembly-${name}`, (folder) => writeVariant(folder, policy, fields));
}

async function writeApp(outdir: string): Promise<void> {
  await runApp(outdir);
  if (isLowCostRun()) lowerCost(outdir);
}

/**
 * The stack of the stage `local`, some of whose fields are others, around bundles that are there already. A test holds
 * that it says what the app says.
 */
export async function writeVariant(outdir: string, policy?: object, fields?: object): Promise<void> {
  const bundles = join(await assembly(), 'bundles');
  const [{ App, Tags }, { Code }, { FallbackStack }, { bundleFolder }] = await Promise.all([
    import('aws-cdk-lib'),
    import('aws-cdk-lib/aws-lambda'),
    import('../infra/stack.ts'),
    import('../infra/bundles.ts'),
  ]);
  const settings = JSON.parse(readFileSync(new URL('../cdk.json', import.meta.url), 'utf8'));
  const context = { ...settings.context, ...withoutStackTraces, 'aws:cdk:enable-path-metadata': true };
  const stage = loadStage('local', { folder: stagesWith({ ...fields, ...(policy && { policy }) }) });
  const app = new App({ outdir, builtinCloudFormationValidation: false, context });
  new FallbackStack(app, `MfaFallback-${stage.name}`, {
    stage,
    code: (name) => Code.fromAsset(bundleFolder(name, bundles)),
    description: 'Sign in with a code on the day the security key or phone is gone',
  });
  Tags.of(app).add('stage', stage.name);
  app.synth();
  if (isLowCostRun()) lowerCost(outdir);
  writeFileSync(join(outdir, 'package.json'), '{}'); // as `runApp` does: it ends Node's search for one
}

/** A folder with the local stage, some of whose fields are others. */
function stagesWith(fields: object): string {
  const folder = mkdtempSync(join(runDirectory(), 'stages-'));
  const own = JSON.parse(readFileSync(new URL('../infra/stages/local.json', import.meta.url), 'utf8'));
  writeFileSync(join(folder, 'local.json'), JSON.stringify({ ...own, ...fields }));
  return folder;
}

/** Makes a folder of the run by its name, unless it is there; whoever asks while somebody makes it waits. @returns its path. */
export async function once(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const finished = join(runDirectory(), name);
  const claim = `${finished}.claim`;
  while (!existsSync(finished)) {
    if (!tryToCreate(claim)) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      continue;
    }
    try {
      if (existsSync(finished)) break; // by whoever gave the claim up a moment ago
      const fresh = mkdtempSync(join(runDirectory(), 'synthesizing-'));
      await make(fresh);
      renameSync(fresh, finished);
    } finally {
      rmSync(claim, { recursive: true });
    }
  }
  return finished;
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
