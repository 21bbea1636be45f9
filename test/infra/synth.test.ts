/** `cdk synth` as a person runs it, and the findings of cdk-nag. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, Validations } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { loadStage } from '../../infra/configuration/stage.ts';
import { acknowledgeFindings, packsOf } from '../../infra/findings.ts';
import { directory, featureFlags, ownIssuer, type Properties, stackOf, voice, windows } from './template.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const freshOutdir = () => join(mkdtempSync(join(tmpdir(), 'synth-')), 'out');

function run(parameters: readonly string[], environment: Readonly<Record<string, string>>) {
  const { status, stdout, stderr } = spawnSync(process.execPath, parameters, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  });
  return { status, output: `${stdout}${stderr}`.split('\n').filter((line) => line !== '') };
}

/** Runs `cdk synth` as a person does, without what it would say to or fetch from the network. */
function synth(stage: string, stages: string) {
  const outdir = freshOutdir();
  const cdk = join(root, 'node_modules/aws-cdk/bin/cdk');
  const done = run(
    [
      ...[cdk, 'synth', '--quiet', '--no-notices', '--no-color', '--output', outdir],
      ...['-c', `stage=${stage}`, '-c', `stages=${stages}`],
    ],
    {
      PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}`,
      CDK_DISABLE_CLI_TELEMETRY: 'true',
    },
  );
  return { ...done, outdir };
}

/** Runs the app as `cdk` does, which takes half the time. */
function runApp(stage: string, environment: Readonly<Record<string, string>>) {
  const outdir = freshOutdir();
  const context = { CDK_CONTEXT_JSON: JSON.stringify({ stage }), CDK_OUTDIR: outdir };
  return { ...run([join(root, 'infra/app.ts')], { ...context, ...environment }), outdir };
}

/** A folder with the one stage `production`, changed. */
function stagesWith(change: object): string {
  const folder = mkdtempSync(join(tmpdir(), 'stages-'));
  const own = JSON.parse(readFileSync(join(root, 'infra/stages/production.json'), 'utf8'));
  writeFileSync(join(folder, 'production.json'), JSON.stringify({ ...own, ...change }));
  return folder;
}

const packs = ['AwsSolutions', 'Serverless', 'NIST.800.53.R5'];

/** Packs of cdk-nag that came to this conclusion. */
function packsWith(conclusion: 'success' | 'failure', outdir: string): string[] {
  const { pluginReports } = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
  return pluginReports
    .filter((report: Properties) => report['conclusion'] === conclusion)
    .map((report: Properties) => report['pluginName'])
    .filter((name: string) => packs.includes(name));
}

const templatesIn = (outdir: string) =>
  existsSync(outdir) ? readdirSync(outdir).filter((name) => name.endsWith('.template.json')) : [];

describe('cdk synth', { timeout: 300_000 }, () => {
  it('passes with the real bundles, the checks of cdk-nag and the validator, and says what to think of', () => {
    const stages = stagesWith({ voice, tokens: ownIssuer, alarms: { email: 'ops@acme.test' } });
    const { status, output, outdir } = synth('production', stages);
    const keys = relative(root, join(stages, 'production.keys.json'));
    expect(output).toEqual([
      `stage production of ${relative(root, join(stages, 'production.json'))}`,
      `stage production: its key versions are kept in ${keys}; commit it`,
      expect.stringMatching(/^WARNING organisation\.emailDomain, email\.from are of a domain for examples/),
      expect.stringContaining('MfaFallback-production/Default'),
      expect.stringContaining('Acknowledge'),
      expect.stringMatching(/^WARNING policy\.sends stops at 5,000 sign-ins a day/),
      expect.stringContaining('MfaFallback-production/Default'),
      expect.stringContaining('Acknowledge'),
      expect.stringMatching(/^WARNING open\.concurrency is not named.* A new account has 10: name "shared"/),
      expect.stringContaining('MfaFallback-production/Default'),
      expect.stringContaining('Acknowledge'),
    ]);
    expect(status).toBe(0);
    expect(packsWith('success', outdir)).toEqual(packs);
    const assets = readdirSync(outdir).filter((name) => name.startsWith('asset.'));
    const entries = assets
      .flatMap((asset) => readdirSync(join(outdir, asset)))
      .filter((name) => /^index\./.test(name));
    expect(entries.length).toBe(assets.length);
    expect(existsSync(join(outdir, 'bundles', 'meta.json'))).toBe(true);
    const [template = ''] = templatesIn(outdir);
    const made = readFileSync(join(outdir, template), 'utf8');
    expect(made).toContain('AWS::Connect::ContactFlow');
    expect(made).not.toContain('AWS::Cognito');
  });

  it('stops at a wrong value in a stage with the field, the value and what is allowed, and no more', () => {
    const stages = stagesWith({ policy: { mode: 'Hybird', mfaMethod: 'Call' }, region: 'Frankfurt' });
    const { status, output, outdir } = synth('production', stages);
    expect(status).toBe(1);
    expect(output).toEqual([
      `${join(stages, 'production.json')} is not valid:`,
      expect.stringMatching(/^ {2}region: "Frankfurt" is not allowed; use one of af-south-1, /),
      '  policy.mode: "Hybird" is not allowed; use one of Hybrid, MFA, DirectFidoAuth; did you mean Hybrid?',
      '  policy.mfaMethod: "Call" is not allowed; use All, SMS or Email, or configure voice: calls need Amazon Connect',
      'node infra/app.ts: Subprocess exited with error 1',
    ]);
    expect(templatesIn(outdir)).toEqual([]);
  });

  it('stops at a wrong policy that stands in for the one of the stage', () => {
    const policy = join(mkdtempSync(join(tmpdir(), 'policy-')), 'policy.json');
    writeFileSync(policy, '{ "mode": "hybird", "otp": { "digits": 4 } }');
    const { status, output, outdir } = runApp('local', { POLICY: policy });
    expect(status).toBe(1);
    expect(output.slice(0, 3)).toEqual([
      `${policy} is not valid:`,
      '  mode: "hybird" is not allowed; use one of Hybrid, MFA, DirectFidoAuth; did you mean Hybrid?',
      '  otp.digits: 4 is not allowed; use a whole number from 6 to 10',
    ]);
    expect(templatesIn(outdir)).toEqual([]);
  });
});

describe('findings of cdk-nag', () => {
  /** Without the validator of CloudFormation, which other tests have. */
  const checked = (overrides: object) => {
    const outdir = mkdtempSync(join(tmpdir(), 'nag-'));
    const app = new App({ outdir, builtinCloudFormationValidation: false, context: featureFlags });
    const { fallback } = stackOf(app, overrides);
    Validations.of(app).addPlugins(...packsOf(app));
    return {
      app,
      outdir,
      acknowledge: () => acknowledgeFindings(fallback, loadStage('production', { overrides })),
    };
  };

  const everything = {
    account: '123456789012',
    region: 'us-east-1',
    voice: { ...voice, region: 'us-east-1' },
    windows,
    directory,
    rollout: 'canary',
    sms: { maxPriceUsd: 0.2, deliveryStatus: true },
    alarms: { email: 'ops@example.com', smsMonthlyUsd: 400 },
    delivery: { reserved: true },
    keys: { pepper: { versions: [2, 1] }, signing: { versions: [2, 1] }, state: { versions: [2, 1] } },
    domain: {
      name: 'mfa.acme.test',
      certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-4333-8444-555555555555',
    },
  };

  // With voice and an issuer of its own: `cdk synth` above, by the same packs.
  it.each([
    ['in a region without Connect', { region: 'eu-west-1' }],
    ['with everything on, in an account and a region of its own', everything],
  ])('are none that is not acknowledged in a stage %s', (_, overrides) => {
    const { app, acknowledge } = checked(overrides);
    acknowledge();
    expect(() => app.synth()).not.toThrow();
  });

  it('would stop the synthesis, by each pack', () => {
    const { app, outdir } = checked({ voice });
    expect(() => app.synth()).toThrow();
    expect(packsWith('failure', outdir)).toEqual(packs);
  });
});

describe('the stack', () => {
  const stackIn = (overrides: object) => stackOf(new App({ context: featureFlags }), overrides);

  it('is deployed into the account that the stage names and into no other, and not deleted by a single command', () => {
    expect(stackIn({ account: '123456789012' }).environment).toBe('aws://123456789012/eu-central-1');
    const { environment, terminationProtection } = stackIn({});
    expect(environment).toBe('aws://unknown-account/eu-central-1');
    expect(terminationProtection).toBe(true);
  });
});
