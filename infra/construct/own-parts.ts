/** Parts that an app may bring in place of those that the construct makes. */
import type * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { FunctionName } from '../../shared/environment/variables.ts';
import { ConfigurationError, type ConfigurationProblem, refusal } from '../configuration/problems.ts';

/** The bundle of a function. */
export type CodeOf = (name: FunctionName) => lambda.Code;

/** Each by its version; versions of the settings that are not here are made. */
export interface OwnKeys {
  /** Encrypts logs, alarms, and the table where that is made here. Symmetric. */
  readonly storage?: kms.IKey;
  /** HMAC_256. */
  readonly pepper?: Readonly<Record<number, kms.IKey>>;
  /** RSA_3072, or RSA_2048, to sign. */
  readonly signing?: Readonly<Record<number, kms.IKey>>;
  /** HMAC_256. */
  readonly state?: Readonly<Record<number, kms.IKey>>;
}

export interface OwnParts {
  /** With the keys `pk` and `sk`, the time to live `ttl` and the index `users`. */
  readonly table?: dynamodb.ITable;
  readonly keys?: OwnKeys;
  /** Of the API alone: the whole domain is mapped to it. Instead of `domain` of the settings. */
  readonly domain?: apigateway.IDomainName;
  /** Where alarms go. */
  readonly alarmTopic?: sns.ITopic;
}

/** What a table that is made in the same app tells of itself. */
interface SelfDescribed {
  schemaV2(indexName?: string): dynamodb.KeySchema;
}

/** @throws ConfigurationError when a table that tells its keys has others than the functions ask for. */
export function checkTable(table: dynamodb.ITable, source: string): void {
  if (!describesItself(table)) return;
  const problems = [
    ...keyProblems('own.table', schemaOf(table), 'pk', 'sk'),
    ...keyProblems('own.table, index users', schemaOf(table, 'users'), 'listKey', 'userId'),
  ];
  if (problems.length > 0) throw new ConfigurationError(source, problems);
}

const describesItself = (table: object): table is SelfDescribed =>
  typeof (table as Partial<SelfDescribed>).schemaV2 === 'function';

function schemaOf(table: SelfDescribed, index?: string): dynamodb.KeySchema {
  try {
    return table.schemaV2(index);
  } catch {
    return { partitionKeys: [], sortKeys: [] }; // there is no such index
  }
}

function keyProblems(
  field: string,
  { partitionKeys, sortKeys }: dynamodb.KeySchema,
  partition: string,
  sort: string,
): ConfigurationProblem[] {
  const given = [...partitionKeys, ...sortKeys].map(({ name, type }) => `${name} ${type}`);
  if (given.join() === `${partition} S,${sort} S`) return [];
  return [{ field, message: refusal(given, `the keys ${partition} and ${sort}, both strings`) }];
}
