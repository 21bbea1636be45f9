/** Creates the tables of the template in the DynamoDB engine. */

import { UnsupportedTemplateError } from '../template/intrinsics.ts';
import type { Template } from '../template/template.ts';
import { ask } from './ask.ts';

/** Properties that describe a table's schema, in both resource types and in CreateTable alike. */
interface TableProperties {
  readonly KeySchema: unknown;
  readonly AttributeDefinitions: unknown;
  readonly GlobalSecondaryIndexes?: readonly Readonly<Record<string, unknown>>[];
}

/** Leaves tables alone that survived a restart. Every table answers once this resolves.
 * @param endpoint DynamoDB's, without a slash at its end.
 * @throws {UnsupportedTemplateError} for a schema that the engine refuses. */
export async function createTables(template: Template, endpoint: string): Promise<void> {
  for (const [id, { Properties }] of template.ofType('AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table')) {
    await createTable(endpoint, template, id, Properties);
  }
}

async function createTable(
  endpoint: string,
  template: Template,
  id: string,
  properties: object,
): Promise<void> {
  const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes } = template.resolve(
    properties,
    id,
  ) as TableProperties;
  const TableName = template.names(id)['Ref'];
  const indexes = GlobalSecondaryIndexes?.map(({ IndexName, KeySchema: keys, Projection }) => ({
    IndexName,
    KeySchema: keys,
    Projection,
  }));
  const created = await request(endpoint, 'CreateTable', {
    TableName,
    KeySchema,
    AttributeDefinitions,
    BillingMode: 'PAY_PER_REQUEST',
    ...(indexes === undefined ? {} : { GlobalSecondaryIndexes: indexes }),
  });
  // In use: the table survived a restart.
  if (!created.ok && !created.text.includes('ResourceInUseException')) {
    throw new UnsupportedTemplateError(`${id}: the table cannot be created: ${created.text}`);
  }
  while (!(await request(endpoint, 'DescribeTable', { TableName })).text.includes('"TableStatus":"ACTIVE"')) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const request = (endpoint: string, action: string, input: object) =>
  ask(endpoint, 'dynamodb', '1.0', `DynamoDB_20120810.${action}`, input);
