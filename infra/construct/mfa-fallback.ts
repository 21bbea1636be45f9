/** The whole backend as one construct: which parts there are, in which order, and what each is given. */
import { Annotations, Stack, Token } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { policyVersion } from '../../shared/domain/policy/policy-version.ts';
import type { FunctionName } from '../../shared/environment/variables.ts';
import { ConfigurationError } from '../configuration/problems.ts';
import { parseStage, type Stage } from '../configuration/stage.ts';
import { Alarms, type AlarmsProps } from './alarms.ts';
import { Api } from './api.ts';
import {
  addAdministrationFunctions,
  addDoorFunctions,
  addProofFunctions,
  addRecoveryWorkflow,
  lambdasOf,
} from './api-functions.ts';
import { addDeliveryFunctions } from './delivery-functions.ts';
import { addDirectoryDoor } from './directory-door.ts';
import { checkEnvironments } from './environment-bytes.ts';
import { Foundation } from './foundation.ts';
import { markWhole, output } from './outputs.ts';
import { type CodeOf, checkTable, type OwnParts } from './own-parts.ts';
import { packagedCode } from './packaged-code.ts';
import { aliasesOf, functionsOf, Rollout } from './rollout.ts';
import type { FallbackSettings } from './settings.ts';
import { addSmsStatus } from './sms-status.ts';
import { addWindowsDoor } from './windows-door.ts';

export interface MfaFallbackProps {
  /** Tells deployments in one account apart: lower-case letters, digits and hyphens, a letter first. */
  readonly name: string;
  /** What a stage's file says, but for where it is deployed. Values may be known at the deployment alone. */
  readonly settings: FallbackSettings;
  /** Parts that you have; the others are made. */
  readonly own?: OwnParts;
  /** The functions' bundles, where it is not those of the package. */
  readonly code?: CodeOf;
}

export class MfaFallback extends Construct {
  /** Base URL of the API, and `iss` of the assertions. */
  readonly apiUrl: string;
  readonly api: apigateway.HttpApi;
  readonly table: dynamodb.ITable;
  readonly alarmTopic: sns.ITopic;
  /** Those that the settings ask for. */
  readonly functions: Readonly<Partial<Record<FunctionName, lambda.IFunction>>>;

  /** @throws ConfigurationError that names every faulty setting at once. */
  constructor(scope: Construct, id: string, props: MfaFallbackProps) {
    super(scope, id);
    markWhole(this);
    const { own = {}, code = packagedCode } = props;
    const stage = stageOf(this, props);
    if (own.table !== undefined) checkTable(own.table, this.node.path);
    const foundation = new Foundation(this, stage, code, own);
    const proofs = addProofFunctions(foundation);
    const recovery = addRecoveryWorkflow(this, foundation, proofs);
    const windows = addWindowsDoor(foundation);
    const scim = addDirectoryDoor(foundation);
    const required = {
      ...proofs,
      ...addAdministrationFunctions(foundation),
      ...addDoorFunctions(this, foundation),
    };
    const delivering = addDeliveryFunctions(this, foundation);
    const smsStatus = addSmsStatus(this, foundation);
    foundation.reserveMacs();
    const behindApi = {
      ...lambdasOf(required),
      ...(windows && { windows: windows.function }),
      ...(scim && { scim: scim.function }),
    };
    const called = stage.rollout === 'canary' ? aliasesOf(this, behindApi) : undefined;
    const { accessLog } = new Api(this, 'Api', {
      api: foundation.api,
      origin: foundation.origin,
      domain: own.domain,
      tokens: foundation.tokens,
      functions: called === undefined ? behindApi : functionsOf(called),
      logKey: foundation.keys.storage,
      stage,
    });
    const optional = [windows, scim, smsStatus?.reader].filter((each) => each !== undefined);
    const all = [...Object.values({ ...required, ...delivering }), ...optional];
    checkEnvironments(all, this.node.path);
    const alarms = addAlarms(this, foundation, {
      keys: [...foundation.keys.all, ...(smsStatus ? [smsStatus.key] : [])],
      functions: all,
      recovery,
      accessLog,
    });
    if (called !== undefined) new Rollout(this, 'Rollout', called, (name) => alarms.againstVersionOf(name));
    addOutputs(this, foundation);
    this.apiUrl = foundation.origin;
    this.api = foundation.api;
    this.table = foundation.table;
    this.alarmTopic = alarms.topic;
    this.functions = { ...behindApi, ...lambdasOf(delivering) };
  }
}

/** Checked as a stage's file is, in the region and the account of the stack. */
function stageOf(whole: Construct, { name, settings, own }: MfaFallbackProps): Stage {
  const { region, account } = Stack.of(whole);
  const source = whole.node.path;
  if (Token.isUnresolved(region)) {
    const message = 'the stack has none; give it one, as in env: { region: "eu-central-1" }';
    throw new ConfigurationError(source, [{ field: 'region', message }]);
  }
  if (own?.domain !== undefined && settings.domain !== undefined) {
    const message = 'there is own.domain too; use one of them';
    throw new ConfigurationError(source, [{ field: 'domain', message }]);
  }
  const where = Token.isUnresolved(account) ? { region } : { region, account };
  const stage = parseStage(name, { ...settings, ...where }, source, (value) => Token.isUnresolved(value));
  for (const { fields, message } of stage.warnings)
    Annotations.of(whole).addWarningV2(`mfa-fallback:${fields[0]}`, message);
  return stage;
}

function addAlarms(
  scope: Construct,
  { stage, keys, queues, api, table, own }: Foundation,
  watched: Pick<AlarmsProps, 'keys' | 'functions' | 'recovery' | 'accessLog'>,
): Alarms {
  return new Alarms(scope, 'Alarms', {
    email: stage.alarms.email,
    topic: own.alarmTopic,
    key: keys.storage,
    ...watched,
    queues,
    api,
    connections: stage.directory?.connections.map(({ name }) => name) ?? [],
    table,
    smsMonthlyUsd: stage.alarms.smsMonthlyUsd,
    stageName: stage.name,
  });
}

/** What an operator or a script asks the stack for; the parts tell their own names themselves. */
function addOutputs(whole: Construct, { stage, table }: Foundation): void {
  output(whole, 'Stage', { value: stage.name });
  output(whole, 'PolicyVersion', {
    value: policyVersion(stage.policy),
    description: 'What log lines that were decided by this policy carry as policy',
  });
  output(whole, 'Region', { value: Stack.of(whole).region });
  output(whole, 'TableName', { value: table.tableName });
}
