/**
 * The CDK app: reads a stage, bundles the functions, synthesizes the stack.
 *
 * `-c stage=NAME` says which stage (default production), `-c stages=FOLDER` where the files of stages are.
 */
import { join } from 'node:path';
import { Annotations, App, Tags, Validations } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks } from 'cdk-nag';
import { bundleFolder, bundleFunctions } from './bundles.ts';
import { ConfigurationError } from './configuration/problems.ts';
import { loadStage, type Stage } from './configuration/stage.ts';
import { acknowledgeFindings } from './findings.ts';
import { FallbackStack } from './stack.ts';

const app = new App();
const stage = readStage(String(app.node.tryGetContext('stage') ?? 'production'));
// Beside the assembly, so that two syntheses at the same time do not share a folder.
const bundles = join(app.outdir, 'bundles');
await bundleFunctions(bundles);
const stack = new FallbackStack(app, `MfaFallback-${stage.name}`, {
  stage,
  code: (name) => Code.fromAsset(bundleFolder(name, bundles)),
  env: { region: stage.region },
  description: 'Sign in with a code on the day the security key or phone is gone',
});
for (const warning of stage.warnings) Annotations.of(stack).addWarningV2('mfa-fallback:policy', warning);
Tags.of(stack).add('stage', stage.name);
if (stage.name !== 'local') {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  acknowledgeFindings(stack, stage);
}
app.synth();

function readStage(name: string): Stage {
  try {
    const folder: string | undefined = app.node.tryGetContext('stages');
    return loadStage(name, { policyPath: process.env['POLICY'], folder });
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
