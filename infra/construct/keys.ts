/** The KMS keys: of table and logs, the peppers that working keys come from, of states, and the assertion's signers. */
import { Annotations, ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Stage } from '../configuration/stage.ts';
import type { OwnKeys } from './own-parts.ts';
import { outlivesStack } from './removal.ts';

export type VersionedKeys = ReadonlyMap<number, kms.IKey>;

export class Keys extends Construct {
  /** Encrypts what is at rest. */
  readonly storage: kms.IKey;
  readonly pepper: VersionedKeys;
  readonly signing: VersionedKeys;
  /** Of the MACs over state that leads to a signature. */
  readonly state: VersionedKeys;

  /** @param own that somebody brings; the others are made. */
  constructor(scope: Construct, id: string, { keys }: Stage, own: OwnKeys = {}) {
    super(scope, id);
    this.storage =
      own.storage ??
      new kms.Key(this, 'Storage', {
        description: 'MFA fallback: table, logs and alarms at rest',
        enableKeyRotation: true,
        removalPolicy: outlivesStack,
      });
    this.letServicesEncrypt();
    this.pepper = versioned(
      keys.pepper.versions,
      own.pepper,
      (version) =>
        new kms.Key(this, `Pepper${version}`, {
          description: `MFA fallback: working keys, version ${version}. Never delete: contact data cannot be read without it.`,
          keySpec: kms.KeySpec.HMAC_256,
          keyUsage: kms.KeyUsage.GENERATE_VERIFY_MAC,
          removalPolicy: outlivesStack,
          pendingWindow: Duration.days(30),
        }),
    );
    this.state = versioned(
      keys.state?.versions ?? [1],
      own.state,
      (version) =>
        new kms.Key(this, `State${version}`, {
          description: `MFA fallback: MACs over what a signature follows from, version ${version}`,
          keySpec: kms.KeySpec.HMAC_256,
          keyUsage: kms.KeyUsage.GENERATE_VERIFY_MAC,
          removalPolicy: outlivesStack,
        }),
    );
    // RSA, because API Gateway's own JWT authorizer takes nothing else; 3072 bits for 128-bit strength,
    // unless the stage takes the 112 bits that KMS signs with at a fifth of the price.
    this.signing = versioned(
      keys.signing.versions,
      own.signing,
      (version) =>
        new kms.Key(this, `Signing${version}`, {
          description: `MFA fallback: signature of assertions, version ${version}`,
          keySpec: keys.signing.rsa2048?.includes(version) ? kms.KeySpec.RSA_2048 : kms.KeySpec.RSA_3072,
          keyUsage: kms.KeyUsage.SIGN_VERIFY,
          removalPolicy: outlivesStack,
        }),
    );
  }

  get all(): readonly kms.IKey[] {
    return [this.storage, ...[this.pepper, this.state, this.signing].flatMap((keys) => [...keys.values()])];
  }

  /**
   * DynamoDB uses the table's own key with the caller's rights; the caller alone can do nothing with it. The actions are
   * those that AWS asks for, written out, without the right to grants, which the deployer needs alone: "Authorizing use
   * of your customer managed key" in
   * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html.
   */
  allowTable(grantee: iam.IGrantable, key: kms.IKey): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: [...tableKeyActions],
        resources: [key.keyArn],
        conditions: {
          StringEquals: { 'kms:ViaService': `dynamodb.${Stack.of(this).region}.amazonaws.com` },
        },
      }),
    );
  }

  /**
   * Whoever has every right on KMS in the account could otherwise compute all working keys, and with them every open
   * code, or the MACs of states. Who may change a key's policy can lift this, and CloudTrail shows it.
   */
  reserveMacs(which: 'pepper' | 'state', roles: readonly iam.IRole[]): void {
    for (const key of this[which].values()) {
      this.addToPolicy(
        key,
        new iam.PolicyStatement({
          effect: iam.Effect.DENY,
          principals: [new iam.AnyPrincipal()],
          actions: ['kms:GenerateMac', 'kms:VerifyMac'],
          resources: ['*'],
          conditions: { ArnNotEquals: { 'aws:PrincipalArn': roles.map(({ roleArn }) => roleArn) } },
        }),
      );
    }
  }

  /** The policy of a key from another stack is its owner's, who has to be told what it lacks. */
  private addToPolicy(key: kms.IKey, statement: iam.PolicyStatement): void {
    if (key.addToResourcePolicy(statement).statementAdded) return;
    Annotations.of(this).addWarningV2(
      `mfa-fallback:key-policy:${statement.actions.join()}`,
      `the policy of ${key.node.path} is not this stack's to change: docs/construct.md has the statements it needs`,
    );
  }

  /**
   * CloudWatch Logs for this account's log groups, CloudWatch and EventBridge for what goes into the topic of alarms: the
   * statements that their manuals ask for. EventBridge takes no condition on its way to an encrypted topic: "Managing
   * Amazon SNS encryption keys" in https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html.
   */
  private letServicesEncrypt(): void {
    const stack = Stack.of(this);
    const logGroups = stack.formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: '*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const allowService = (service: string, actions: string[], conditions: Record<string, object> = {}) =>
      this.addToPolicy(
        this.storage,
        new iam.PolicyStatement({
          principals: [new iam.ServicePrincipal(service)],
          actions,
          resources: ['*'], // in the policy of a key: that key
          conditions,
        }),
      );
    allowService(
      `logs.${stack.region}.amazonaws.com`,
      ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
    );
    for (const service of ['cloudwatch.amazonaws.com', 'events.amazonaws.com'])
      allowService(service, ['kms:Decrypt', 'kms:GenerateDataKey*']);
  }
}

const tableKeyActions = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
] as const;

function versioned(
  versions: readonly number[],
  own: Readonly<Record<number, kms.IKey>> = {},
  make: (version: number) => kms.IKey,
): VersionedKeys {
  return new Map(versions.map((version) => [version, own[version] ?? make(version)]));
}

/** `2=arn,1=arn`, the version in use first, as the functions read it. */
export function keyList(keys: VersionedKeys): string {
  return Array.from(keys, ([version, key]) => `${version}=${key.keyArn}`).join(',');
}

export function allow(
  grantee: iam.IGrantable,
  actions: readonly string[],
  resources: readonly string[],
  conditions: Record<string, Record<string, unknown>> = {},
): void {
  grantee.grantPrincipal.addToPrincipalPolicy(
    new iam.PolicyStatement({ actions: [...actions], resources: [...resources], conditions }),
  );
}

export const arnsOf = (keys: VersionedKeys): string[] => Array.from(keys.values(), (key) => key.keyArn);
