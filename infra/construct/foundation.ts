/** What every function stands on: keys, table, queues, tokens, the HTTP API, and the variables that name them. */
import * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { FunctionName } from '../../shared/environment/variables.ts';
import type { Stage } from '../configuration/stage.ts';
import { DeliveryQueues } from './delivery.ts';
import { FallbackFunction, type Variables } from './functions.ts';
import { allow, arnsOf, Keys } from './keys.ts';
import { FallbackTable } from './table.ts';
import { Tokens } from './tokens.ts';
import { variablesOf } from './variables.ts';

/** The bundle of a function. */
export type CodeOf = (name: FunctionName) => lambda.Code;

/** Actions on the table's records, each with those before it. */
const tableActions = {
  read: ['dynamodb:GetItem'],
  change: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
  create: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
} as const;

export class Foundation {
  readonly stage: Stage;
  readonly keys: Keys;
  readonly table: dynamodb.Table;
  readonly queues: DeliveryQueues;
  readonly tokens: Tokens;
  readonly api: apigateway.HttpApi;
  readonly #scope: Construct;
  readonly #code: CodeOf;
  readonly #variables: Variables;
  /** Roles of the functions that compute with the peppers. */
  readonly #computing: iam.IRole[] = [];

  /** @param scope of the parts, whose logical ids come from it. */
  constructor(scope: Construct, stage: Stage, code: CodeOf) {
    this.#scope = scope;
    this.#code = code;
    this.stage = stage;
    this.keys = new Keys(scope, 'Keys', stage);
    this.table = new FallbackTable(scope, 'Data', this.keys.storage).table;
    this.queues = new DeliveryQueues(scope, 'Delivery', { voice: stage.voice !== undefined });
    this.tokens = new Tokens(scope, 'Tokens', stage);
    this.api = new apigateway.HttpApi(scope, 'HttpApi', {
      createDefaultStage: false,
      // With a domain of its own there is one way in, and one issuer.
      disableExecuteApiEndpoint: stage.domain !== undefined,
    });
    this.#variables = variablesOf(scope, stage, this);
  }

  /**
   * @param own variables that this function alone has a value for.
   * @param mostAtOnce of a function whose callers show no token.
   */
  addFunction(
    name: FunctionName,
    description: string,
    own: Variables = {},
    mostAtOnce?: number,
  ): FallbackFunction {
    return new FallbackFunction(this.#scope, name, {
      name,
      description,
      code: this.#code(name),
      variables: { ...this.#variables, ...own },
      logKey: this.keys.storage,
      mostAtOnce,
    });
  }

  /** Lets a function at the table's records, which it reads and writes with the working keys. */
  allowTable({ function: fn }: FallbackFunction, actions: keyof typeof tableActions): void {
    allow(fn, tableActions[actions], [this.table.tableArn]);
    this.keys.allowTable(fn);
    allow(fn, ['kms:GenerateMac'], arnsOf(this.keys.pepper));
    if (fn.role) this.#computing.push(fn.role);
  }

  /** Once every function is there: nobody else computes with the peppers. */
  reservePeppers(): void {
    this.keys.reservePeppers(this.#computing);
  }

  allowSigning({ function: fn }: FallbackFunction): void {
    allow(fn, ['kms:Sign'], arnsOf(this.keys.signing));
  }

  allowQueues({ function: fn }: FallbackFunction, ...names: Parameters<DeliveryQueues['arns']>): void {
    allow(fn, ['sqs:SendMessage'], this.queues.arns(...names));
  }
}
