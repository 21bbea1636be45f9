/** The package in an app of somebody else's: it is synthesized there with the parts that it is given, and with their own. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../documents/pages.ts';
import { installed, plainNode, run } from '../../installed.ts';
import { oneChecker } from '../../support/typescript.ts';
import { featureFlags, type Properties } from '../template.ts';

let project: string;

beforeAll(async () => {
  project = await installed();
  // The peers, which whoever has a CDK app has; the types of Node, which CDK's own types ask for.
  mkdirSync(join(project, 'node_modules/@types'));
  for (const peer of ['aws-cdk-lib', 'constructs', '@types/node'])
    symlinkSync(join(root, 'node_modules', peer), join(project, 'node_modules', peer));
});

const settings = {
  organisation: {
    name: 'Acme',
    supportContact: 'help@acme.test',
    defaultLocale: 'en',
    emailDomain: 'acme.test',
  },
  tokens: { issuer: 'cognito' },
  sms: { maxPriceUsd: 0.2 },
  email: { from: 'codes@acme.test' },
  keys: { pepper: { versions: [2, 1] }, signing: { versions: [1] } },
  alarms: {},
};

interface Outcome {
  readonly template?: Properties;
  /** Why there is none. */
  readonly refusal?: string;
}

/** Makes an app of each of these lines, with parts on its `stack`: all in one process, which loads CDK once. */
function synthesizedEach(apps: Readonly<Record<string, { lines: string; env?: string }>>) {
  const each = Object.entries(apps).map(
    ([
      name,
      { lines, env = '{ region: "eu-central-1" }' },
    ]) => `outcomes[${JSON.stringify(name)}] = outcomeOf(${env}, (app, stack) => {
${lines}
});`,
  );
  writeFileSync(
    join(project, 'app.mjs'),
    `import { App, Stack, aws_apigatewayv2 as apigateway, aws_cognito as cognito, aws_connect as connect,
  aws_dynamodb as dynamodb, aws_kms as kms, aws_sns as sns } from 'aws-cdk-lib';
import { mkdtempSync } from 'node:fs';
import { MfaFallback } from 'mfa-fallback/construct';
const settings = ${JSON.stringify(settings)};
const outcomes = {};
function outcomeOf(env, make) {
  const app = new App({ outdir: mkdtempSync('out-'), builtinCloudFormationValidation: false,
    context: ${JSON.stringify(featureFlags)} });
  const stack = new Stack(app, 'Theirs', { env });
  try {
    make(app, stack);
    return { template: app.synth().getStackByName('Theirs').template };
  } catch (error) {
    return { refusal: error.message };
  }
}
${each.join('\n')}
console.log(JSON.stringify(outcomes));
`,
  );
  const outcomes = JSON.parse(run(plainNode(), ['app.mjs'], project).split('\n')[0] as string);
  return (name: string): Outcome => outcomes[name];
}

function templateIn({ template, refusal }: Outcome): Properties {
  if (template === undefined) throw new Error(refusal);
  return template;
}

const typesIn = ({ Resources }: Properties) =>
  Object.values(Resources as Record<string, Properties>).map(({ Type }) => Type as string);
const count = (template: Properties, type: string) =>
  typesIn(template).filter((each) => each === type).length;

const apps = {
  bare: {
    lines: `
const other = new Stack(app, 'Other', { env: { region: 'eu-central-1' } });
for (const [at, name] of [[stack, 'one'], [other, 'two']]) {
  const { apiUrl, functions } = new MfaFallback(at, name, { name, settings });
  if (!apiUrl || !functions['verify-otp'] || functions.scim) throw new Error('its attributes');
}`,
  },
  theirs: {
    lines: `
const string = (name) => ({ name, type: dynamodb.AttributeType.STRING });
const table = new dynamodb.Table(stack, 'Their-Table', { partitionKey: string('pk'), sortKey: string('sk') });
table.addGlobalSecondaryIndex({ indexName: 'users', partitionKey: string('listKey'), sortKey: string('userId') });
const key = (n) => kms.Key.fromKeyArn(stack, 'Key' + n, 'arn:aws:kms:eu-central-1:123456789012:key/' + n + '1111111-2222-4333-8444-555555555555');
const domain = apigateway.DomainName.fromDomainNameAttributes(stack, 'Domain', {
  name: 'mfa.acme.test', regionalDomainName: 'd.execute-api.test', regionalHostedZoneId: 'Z1',
});
const alarmTopic = new sns.Topic(stack, 'Their-Topic');
const pool = new cognito.UserPool(stack, 'Their-Pool');
const client = pool.addClient('web');
const instance = new connect.CfnInstance(stack, 'Their-Instance', {
  identityManagementType: 'CONNECT_MANAGED', attributes: { inboundCalls: false, outboundCalls: true },
});
new MfaFallback(stack, 'Mfa', {
  name: 'theirs',
  settings: {
    ...settings,
    tokens: { issuer: 'own', issuerUrl: pool.userPoolProviderUrl, audience: [client.userPoolClientId] },
    voice: { region: 'eu-central-1', instanceId: instance.attrId, sourcePhoneNumber: '+12025550100' },
  },
  own: {
    table, domain, alarmTopic,
    keys: {
      storage: key(1), signing: { 1: key(2) }, state: { 1: key(3) }, pepper: { 1: key(4), 2: key(5) },
    },
  },
});`,
  },
  wrong: {
    lines: `new MfaFallback(stack, 'Mfa', { name: 'Théirs', settings: { ...settings, sms: { maxPriceUsd: 9 } } });`,
  },
  nowhere: { lines: `new MfaFallback(stack, 'Mfa', { name: 'theirs', settings });`, env: '{}' },
  otherKeys: {
    lines: `const table = new dynamodb.Table(stack, 'T', { partitionKey: { name: 'id', type: 'S' } });
new MfaFallback(stack, 'Mfa', { name: 'theirs', settings, own: { table } });`,
  },
};

describe('in an app of their own', () => {
  let outcome: ReturnType<typeof synthesizedEach>;
  beforeAll(() => {
    outcome = synthesizedEach(apps);
  });

  it('makes all that it is not brought, twice in one app if need be', () => {
    const template = templateIn(outcome('bare'));
    expect(count(template, 'AWS::DynamoDB::Table')).toBe(1);
    expect(count(template, 'AWS::Cognito::UserPool')).toBe(1);
    expect(count(template, 'AWS::KMS::Key')).toBe(5);
    expect(count(template, 'AWS::SNS::Topic')).toBe(1);
    const machines = Object.values(template['Resources'] as Record<string, Properties>)
      .filter(({ Type }) => Type === 'AWS::StepFunctions::StateMachine')
      .map(({ Properties: { StateMachineName } }) => StateMachineName);
    expect(machines).toEqual([expect.stringMatching(/^Theirs-one-.*recovery$/)]);
    expect(Object.keys(template['Outputs'])).toEqual(
      expect.arrayContaining([expect.stringMatching(/^oneApiUrl/)]),
    );
  });

  it('takes a table, keys, a domain, a topic, a pool and a Connect instance that they have', () => {
    const template = templateIn(outcome('theirs'));
    expect(count(template, 'AWS::DynamoDB::Table')).toBe(1);
    expect(count(template, 'AWS::SNS::Topic')).toBe(1);
    expect(count(template, 'AWS::Cognito::UserPool')).toBe(1);
    expect(count(template, 'AWS::KMS::Key')).toBe(0);
    expect(count(template, 'AWS::ApiGatewayV2::DomainName')).toBe(0);
    expect(count(template, 'AWS::ApiGatewayV2::ApiMapping')).toBe(1);
    const text = JSON.stringify(template);
    expect(text).toContain('"ASSERTION_ISSUER":"https://mfa.acme.test"');
    expect(text).toContain('2=arn:aws:kms:eu-central-1:123456789012:key/51111111');
    expect(text).toContain('"CONNECT_INSTANCE_ID":{"Fn::GetAtt":["TheirInstance","Id"]}');
  });

  it('refuses at once what a stage’s file could not say, and a table with other keys', () => {
    const { refusal } = outcome('wrong');
    expect(refusal).toContain('Theirs/Mfa is not valid:');
    expect(refusal).toContain('sms.maxPriceUsd: 9 is not allowed; use a price in USD from 0.01 to 5');
    expect(refusal).toContain('stage: "Théirs" is not allowed; use lower-case letters');
    expect(outcome('nowhere').refusal).toContain('region: the stack has none');
    expect(outcome('otherKeys').refusal).toContain(
      'own.table: ["id S"] is not allowed; use the keys pk and sk',
    );
  });

  it('has types, under tsc --strict, by which a wrong setting is an error', () => {
    const page = readFileSync(join(root, 'docs/construct.md'), 'utf8');
    writeFileSync(join(project, 'page.ts'), /^```ts app.ts\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? '');
    writeFileSync(
      join(project, 'app.ts'),
      `import { App, Stack } from 'aws-cdk-lib';
import { type FallbackSettings, MfaFallback } from 'mfa-fallback/construct';
const settings: FallbackSettings = {
  organisation: { name: 'Acme', supportContact: 'x', defaultLocale: 'en', emailDomain: 'acme.test' },
  policy: { mode: 'Hybrid', otp: { digits: 8 } },
  tokens: { issuer: 'cognito' },
  sms: { maxPriceUsd: 0.2 },
  email: { from: 'codes@acme.test' },
  keys: { pepper: { versions: [1] }, signing: { versions: [1] } },
  alarms: {},
};
const fallback = new MfaFallback(new Stack(new App(), 'Theirs'), 'Mfa', { name: 'theirs', settings });
fallback.functions['verify-otp']?.functionArn satisfies string | undefined;
// @ts-expect-error there is no such mode
({ ...settings, policy: { mode: 'Hybird' } }) satisfies FallbackSettings;
// @ts-expect-error there is no such setting
({ ...settings, phone: {} }) satisfies FallbackSettings;
`,
    );
    const tsc = join(root, 'node_modules/.bin/tsc');
    const options = ['--strict', '--noEmit', '--skipLibCheck', '--module', 'nodenext', '--types', 'node'];
    expect(run(tsc, [...options, ...oneChecker, 'app.ts', 'page.ts'], project)).toBe('');
  });

  it('brings the command line', () => {
    const program = join(project, 'node_modules/.bin/mfa-fallback');
    expect(run(plainNode(), [program, '--help'], project)).toContain('Usage: npx mfa-fallback <command>');
    const policy = [program, 'policy', 'mode', '-g', '--stages', join(root, 'infra/stages')];
    expect(run(plainNode(), policy, project)).toBe('Hybrid\n');
  });
});
