/** The tables of the template as IAM sees them: ARNs, partition keys, and the key that encrypts them. */
import { UnsupportedTemplateError } from '../template/intrinsics.ts';
import type { Template } from '../template/template.ts';

export interface Table {
  readonly arn: string;
  readonly name: string;
  readonly partitionKey: string;
  /** Partition keys of its indexes, by the index's name. */
  readonly indexes: ReadonlyMap<string, string>;
  /** ARN of the customer managed key, where it has one. */
  readonly keyArn: string | undefined;
}

interface KeyPart {
  readonly AttributeName: string;
  readonly KeyType: string;
}

interface TableProperties {
  readonly KeySchema: readonly KeyPart[];
  readonly GlobalSecondaryIndexes?: readonly IndexProperties[];
  readonly LocalSecondaryIndexes?: readonly IndexProperties[];
  readonly SSESpecification?: { readonly KMSMasterKeyId?: string };
  readonly ResourcePolicy?: unknown;
  /** Of a global table, whose policies stand there. */
  readonly Replicas?: readonly { readonly ResourcePolicy?: unknown }[];
}

interface IndexProperties {
  readonly IndexName: string;
  readonly KeySchema: readonly KeyPart[];
}

/** @throws {UnsupportedTemplateError} for a table with a policy of its own. */
export function readTables(template: Template): Table[] {
  return template.ofType('AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table').map(([id, { Properties }]) => {
    const properties = template.resolve(Properties, id) as TableProperties;
    const { GlobalSecondaryIndexes = [], LocalSecondaryIndexes = [], SSESpecification } = properties;
    const { Replicas = [] } = properties;
    if ([properties, ...Replicas].some(({ ResourcePolicy }) => ResourcePolicy !== undefined)) {
      throw new UnsupportedTemplateError(`${id}: ResourcePolicy is not judged`);
    }
    const { Arn: arn = '', Ref: name = '' } = template.names(id);
    return {
      arn,
      name,
      partitionKey: partitionKeyOf(properties.KeySchema),
      indexes: new Map(
        [...GlobalSecondaryIndexes, ...LocalSecondaryIndexes].map(({ IndexName, KeySchema }) => [
          IndexName,
          partitionKeyOf(KeySchema),
        ]),
      ),
      keyArn: SSESpecification?.KMSMasterKeyId,
    };
  });
}

function partitionKeyOf(schema: readonly KeyPart[]): string {
  return schema.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName ?? '';
}
