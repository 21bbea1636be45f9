/** What every function stands on: keys, table, queues, tokens, the HTTP API, and the variables that name them. */
import * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { type ItemKind, partitionKey } from '../../shared/domain/identifiers/item-kinds.ts';
import type { FunctionName } from '../../shared/environment/variables.ts';
import type { Stage } from '../configuration/stage.ts';
import { DeliveryQueues } from './delivery.ts';
import { originOf } from './domain.ts';
import { FallbackFunction, type Variables } from './functions.ts';
import { allow, arnsOf, Keys } from './keys.ts';
import { prefixOf } from './names.ts';
import type { CodeOf, OwnParts } from './own-parts.ts';
import { FallbackTable } from './table.ts';
import { Tokens } from './tokens.ts';
import { variablesOf } from './variables.ts';

/** Actions on the table's records, each with those before it. */
const tableActions = {
  read: ['dynamodb:GetItem'],
  change: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
  create: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
} as const;

const leadingKeys = 'dynamodb:LeadingKeys';

export class Foundation {
  readonly stage: Stage;
  readonly keys: Keys;
  readonly table: dynamodb.ITable;
  readonly queues: DeliveryQueues;
  readonly tokens: Tokens;
  readonly api: apigateway.HttpApi;
  /** Base URL of the API, and `iss` of the assertions. */
  readonly origin: string;
  readonly own: OwnParts;
  readonly #scope: Construct;
  readonly #code: CodeOf;
  /** What the table is encrypted with, where that asks for a right of its callers. */
  readonly #tableKey: kms.IKey | undefined;
  readonly #variables: Variables;
  /** Roles of the functions that compute with each kind of key. */
  readonly #computing = { pepper: [] as iam.IRole[], state: [] as iam.IRole[] };

  /** @param scope of the parts, whose logical ids come from it. @param own parts that somebody brings. */
  constructor(scope: Construct, stage: Stage, code: CodeOf, own: OwnParts = {}) {
    this.#scope = scope;
    this.#code = code;
    this.stage = stage;
    this.own = own;
    this.keys = new Keys(scope, 'Keys', stage, own.keys);
    // The types of CDK miss an `undefined` under exactOptionalPropertyTypes.
    this.table =
      own.table ??
      (new FallbackTable(scope, 'Data', this.keys.storage, stage.table).table as dynamodb.ITable);
    this.#tableKey = own.table === undefined ? this.keys.storage : own.table.encryptionKey;
    this.queues = new DeliveryQueues(scope, 'Delivery', stage);
    this.tokens = new Tokens(scope, 'Tokens', stage);
    this.api = new apigateway.HttpApi(scope, 'HttpApi', {
      apiName: prefixOf(scope), // in the console those of several stages stand beside each other
      createDefaultStage: false,
      // With a domain of its own there is one way in, and one issuer.
      disableExecuteApiEndpoint: (own.domain ?? stage.domain) !== undefined,
    });
    this.origin = originOf(stage, this.api, own.domain);
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

  /**
   * Lets a function at items of these kinds alone. A request that names no
   * partition key would pass `ForAllValues`, so it is refused by the second condition: "Using IAM policy conditions for
   * fine-grained access control" in the DynamoDB developer guide,
   * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html.
   */
  allowItems(
    { function: fn }: FallbackFunction,
    actions: readonly string[],
    kinds: readonly ItemKind[],
  ): void {
    allow(fn, actions, [this.table.tableArn], {
      'ForAllValues:StringLike': { [leadingKeys]: kinds.map((kind) => partitionKey(kind, '*')) },
      Null: { [leadingKeys]: 'false' },
    });
  }

  /** The same, with the rights on keys that go with it. @param read kinds that it reads and does not write */
  allowTable(
    each: FallbackFunction,
    actions: keyof typeof tableActions,
    kinds: readonly ItemKind[],
    read: readonly ItemKind[] = [],
  ): void {
    this.allowItems(each, tableActions[actions], kinds);
    if (read.length > 0) this.allowItems(each, tableActions.read, read);
    this.allowTableKey(each);
    this.allowMacs(each.function, 'pepper');
  }

  /** The right on the table's key that goes with every right on the table. */
  allowTableKey({ function: fn }: FallbackFunction): void {
    if (this.#tableKey !== undefined) this.keys.allowTable(fn, this.#tableKey);
  }

  /** Once every function is there: nobody else computes with the peppers and the keys of states. */
  reserveMacs(): void {
    this.keys.reserveMacs('pepper', this.#computing.pepper);
    this.keys.reserveMacs('state', this.#computing.state);
  }

  allowSigning(each: FallbackFunction): void {
    allow(each.function, ['kms:Sign'], arnsOf(this.keys.signing));
    this.allowVerdicts(each);
  }

  /** Who says that something was verified makes and confirms the MACs of that, and nobody else does. */
  allowVerdicts({ function: fn }: FallbackFunction): void {
    this.allowMacs(fn, 'state');
  }

  private allowMacs(fn: lambda.Function, which: 'pepper' | 'state'): void {
    allow(fn, ['kms:GenerateMac'], arnsOf(this.keys[which]));
    if (fn.role) this.#computing[which].push(fn.role);
  }

  allowQueues({ function: fn }: FallbackFunction, ...names: Parameters<DeliveryQueues['arns']>): void {
    allow(fn, ['sqs:SendMessage'], this.queues.arns(...names));
  }
}
