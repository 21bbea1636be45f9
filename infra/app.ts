/**
 * The CDK app: reads a stage, bundles the functions, synthesizes the stack.
 *
 * `-c stage=NAME` says which stage (default production), `-c stages=FOLDER` where the files of stages are.
 */
import { join, relative } from 'node:path';
import { App, Tags, Validations } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { bundleFolder, bundleFunctions } from './bundles.ts';
import { chosenStage } from './chosen-stage.ts';
import { holdKeyVersions } from './configuration/key-lock.ts';
import { ConfigurationError } from './configuration/problems.ts';
import { loadStage, type Stage, stageFile } from './configuration/stage.ts';
import { acknowledgeFindings, packsOf } from './findings.ts';
import { FallbackStack } from './stack.ts';

try {
  await synthesize();
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  console.error(error.message);
  process.exit(1);
}

/** @throws ConfigurationError for what AWS would refuse */
async function synthesize(): Promise<void> {
  const { stage, file } = readStage();
  const isLocal = stage.name === 'local';
  // Nobody deploys what `npm start` runs, and CloudFormation's rules would take a third of its synthesis.
  const app = new App({ builtinCloudFormationValidation: !isLocal });
  // Beside the assembly, so that two syntheses at the same time do not share a folder.
  const bundles = join(app.outdir, 'bundles');
  await bundleFunctions(bundles);
  const stack = new FallbackStack(app, `MfaFallback-${stage.name}`, {
    stage,
    code: (name) => Code.fromAsset(bundleFolder(name, bundles)),
    description: 'Sign in with a code on the day the security key or phone is gone',
  });
  Tags.of(stack).add('stage', stage.name);
  if (!isLocal) {
    holdKeys(file, stage);
    Validations.of(app).addPlugins(...packsOf(app));
    acknowledgeFindings(stack.fallback, stage);
  }
  app.synth();
}

function readStage(): { readonly stage: Stage; readonly file: string } {
  // Only an app reads the context. This one has no stack, and leaves nothing behind.
  const context = new App({ autoSynth: false }).node.getAllContext();
  const { name, ...from } = chosenStage(context, process.env);
  const stage = loadStage(name, from);
  const file = stageFile(name, from.folder);
  // `npm start` has no other stage, and says so itself.
  if (name !== 'local') console.error(`stage ${name} of ${relative(process.cwd(), file)}`);
  return { stage, file };
}

function holdKeys(file: string, { name, keys }: Stage): void {
  const written = holdKeyVersions(file, keys);
  if (written === undefined) return;
  console.error(`stage ${name}: its key versions are kept in ${relative(process.cwd(), written)}; commit it`);
}
