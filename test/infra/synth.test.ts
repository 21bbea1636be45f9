import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { loadStage } from '../../infra/configuration/stage.ts';
import { acknowledgeFindings } from '../../infra/findings.ts';
import { featureFlags, ownIssuer, stackOf, voice } from './template.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs the app as `cdk synth` does. */
function synth(stage: string, environment: Record<string, string> = {}) {
  const outdir = join(mkdtempSync(join(tmpdir(), 'synth-')), 'out');
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'infra/app.ts')], {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...process.env,
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify({ ...featureFlags, stage }),
      ...environment,
    },
  });
  return { status, output: stdout + stderr, outdir };
}

describe('cdk synth', () => {
  it('passes with the real bundles, the checks of cdk-nag and the validator of CloudFormation', () => {
    const { status, output, outdir } = synth('production');
    expect(output).toBe('');
    expect(status).toBe(0);
    const assets = readdirSync(outdir).filter((name) => name.startsWith('asset.'));
    const entries = assets
      .flatMap((asset) => readdirSync(join(outdir, asset)))
      .filter((name) => /^index\./.test(name));
    expect(entries.length).toBe(assets.length);
    expect(existsSync(join(outdir, 'bundles', 'meta.json'))).toBe(true);
  }, 120_000);

  it('stops at a wrong policy with every fault, and writes no template', () => {
    const policy = join(mkdtempSync(join(tmpdir(), 'policy-')), 'policy.json');
    writeFileSync(policy, '{ "mode": "hybird", "otp": { "digits": 4 } }');
    const { status, output, outdir } = synth('local', { POLICY: policy });
    expect(status).toBe(1);
    expect(output).toBe(
      `${policy} is not valid:\n` +
        '  mode: "hybird" is not allowed; use one of Hybrid, MFA, DirectFidoAuth; did you mean Hybrid?\n' +
        '  otp.digits: 4 is not allowed; use a whole number from 6 to 10\n',
    );
    expect(existsSync(outdir) ? readdirSync(outdir) : []).toEqual([]);
  });
});

describe('findings of cdk-nag', () => {
  const synthChecked = (overrides: object, acknowledged = true) => {
    const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'nag-')), context: featureFlags });
    const stack = stackOf(app, overrides);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    if (acknowledged) acknowledgeFindings(stack, loadStage('production', { overrides }));
    return () => app.synth();
  };

  it.each([
    ['with voice', { voice }],
    ['with an issuer of its own', { tokens: ownIssuer, alarms: { email: 'ops@example.com' } }],
    ['in another region', { region: 'us-east-1', voice: { ...voice, region: 'us-east-1' } }],
    ['in a region without Connect', { region: 'eu-west-1' }],
  ])('are none that is not acknowledged in a stage %s', (_, overrides) => {
    expect(synthChecked(overrides)).not.toThrow();
  });

  it('would stop the synthesis', () => {
    expect(synthChecked({ voice }, false)).toThrow();
  });
});
