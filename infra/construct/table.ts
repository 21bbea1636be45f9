/** The one table. */
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Stage } from '../configuration/stage.ts';
import { isProtected } from './removal.ts';

export class FallbackTable extends Construct {
  readonly table: dynamodb.Table;

  constructor(scope: Construct, id: string, encryptionKey: kms.IKey, settings: Stage['table'] = {}) {
    super(scope, id);
    this.table = new dynamodb.Table(this, 'Table', {
      partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
      sortKey: { name: 'sk', type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      encryption: dynamodb.TableEncryption.CUSTOMER_MANAGED,
      encryptionKey,
      timeToLiveAttribute: 'ttl',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      ...throughputOf(settings),
      deletionProtection: true,
      removalPolicy: isProtected,
    });
    // What verifications write is not projected, so that the index costs a write when a record is made and none at
    // sign-in.
    this.table.addGlobalSecondaryIndex({
      indexName: 'users',
      partitionKey: { name: 'listKey', type: dynamodb.AttributeType.STRING },
      sortKey: { name: 'userId', type: dynamodb.AttributeType.STRING },
      projectionType: dynamodb.ProjectionType.INCLUDE,
      nonKeyAttributes: ['contact', 'enabled'],
    });
  }
}

/** Units a second: what the table takes from its first minute on, and what it never takes more of. */
function throughputOf({ warmReads, warmWrites, mostReads, mostWrites }: NonNullable<Stage['table']>) {
  const warm = {
    ...(warmReads === undefined ? {} : { readUnitsPerSecond: warmReads }),
    ...(warmWrites === undefined ? {} : { writeUnitsPerSecond: warmWrites }),
  };
  return {
    ...(Object.keys(warm).length === 0 ? {} : { warmThroughput: warm }),
    ...(mostReads === undefined ? {} : { maxReadRequestUnits: mostReads }),
    ...(mostWrites === undefined ? {} : { maxWriteRequestUnits: mostWrites }),
  };
}
