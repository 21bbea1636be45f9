/** Synthesizes the stack of a stage in memory, with empty functions, for assertions on its template. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { loadStage } from '../../infra/configuration/stage.ts';
import { FallbackStack } from '../../infra/stack.ts';
import { functionEnvironment } from '../../shared/environment/variables.ts';
import { runDirectory, withoutStackTraces } from '../synthesized.ts';

/** Feature flags as `cdk synth` sets them. */
export const featureFlags: Readonly<Record<string, unknown>> = { ...flagsOfApp(), ...withoutStackTraces };

function flagsOfApp(): Record<string, unknown> {
  const settings = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));
  return settings.context;
}

export const voice = {
  region: 'eu-central-1',
  instanceId: '11111111-2222-4333-8444-555555555555',
  queueId: '66666666-7777-4888-9999-000000000000',
} as const;

/** The log of what SNS decides about SMS. */
export const smsStatus = { sms: { maxPriceUsd: 0.2, deliveryStatus: true } } as const;

export const directory = {
  connections: [{ name: 'entra', tokenSha256: '0'.repeat(64) }],
};

export const windows = {
  groups: [{ name: 'pcs', mode: 'Hybrid', keys: ['0'.repeat(64)] }],
} as const;

export const ownIssuer = {
  issuer: 'own',
  issuerUrl: 'https://issuer.example.com',
  audience: ['api://mfa'],
  clientIdClaim: 'azp',
} as const;

export function stackOf(app: App, overrides: object = {}): FallbackStack {
  const stage = loadStage('production', { overrides });
  return new FallbackStack(app, `MfaFallback-${stage.name}`, {
    stage,
    code: () => Code.fromInline('exports.handler = async () => {}'),
  });
}

const made = new Map<string, Template>();

/** Made once for all files of a run that ask for the same; nobody writes into it. @param overrides laid over the stage `production`. */
export function templateOf(overrides: object = {}): Template {
  const asked = JSON.stringify(overrides);
  const template = made.get(asked) ?? synthesizedOnce(asked, overrides);
  made.set(asked, template);
  return template;
}

/** Takes over what another worker has synthesized; two that begin at the same time both do. */
function synthesizedOnce(asked: string, overrides: object): Template {
  const name = createHash('sha256').update(asked).digest('hex').slice(0, 16);
  const file = join(runDirectory(), `template-${name}.json`);
  if (existsSync(file)) return Template.fromJSON(JSON.parse(readFileSync(file, 'utf8')));
  const app = new App({ builtinCloudFormationValidation: false, context: featureFlags });
  const template = Template.fromStack(stackOf(app, overrides));
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, JSON.stringify(template.toJSON()));
  renameSync(fresh, file); // whole or not at all
  return template;
}

// biome-ignore lint/suspicious/noExplicitAny: a template is JSON whose shape the assertions state
export type Properties = Record<string, any>;

/** Properties of the resources of a type, by logical id. */
export function resourcesOf(template: Template, type: string): Map<string, Properties> {
  return new Map(
    Object.entries(template.findResources(type)).map(([id, resource]) => [id, resource['Properties']]),
  );
}

/** Logical id at the end of a `Ref` or `Fn::GetAtt`. */
export function target(reference: Properties): string {
  return reference['Ref'] ?? reference['Fn::GetAtt'][0];
}

/** The function's name out of its logical id, which starts with it. */
export function functionName(id: string): string {
  const names = Object.keys(functionEnvironment);
  return names.find((name) => id.startsWith(name.replaceAll('-', ''))) ?? id;
}
