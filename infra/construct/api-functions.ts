/** The functions behind the API, each with the rights it needs, and the recovery workflow whose tasks they serve. */
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { ItemKind } from '../../shared/domain/identifiers/item-kinds.ts';
import { concurrencyOf } from '../configuration/concurrency.ts';
import { codeQueues } from '../configuration/paces.ts';
import type { Foundation } from './foundation.ts';
import type { FallbackFunction } from './functions.ts';
import { allow, arnsOf } from './keys.ts';
import { RecoveryWorkflow, type TaskFunctions } from './recovery.ts';

/** Those that check what a person knows or receives: they start, verify and assert. */
export function addProofFunctions(foundation: Foundation) {
  const issueOtp = foundation.addFunction('issue-otp', 'Starts challenges and sends new codes for them');
  foundation.allowTable(issueOtp, 'create', ['user', 'destination', 'recovery'], ['name', 'restrictions']);
  foundation.allowQueues(issueOtp, ...codeQueues);

  const verifyOtp = foundation.addFunction('verify-otp', 'Verifies codes and asserts it');
  foundation.allowTable(verifyOtp, 'create', ['user', 'recovery'], ['name', 'restrictions']);
  foundation.allowSigning(verifyOtp);
  foundation.allowQueues(verifyOtp, 'notice');

  const kbaCheck = foundation.addFunction('kba-check', 'Puts security questions and judges the answers');
  foundation.allowTable(kbaCheck, 'create', ['user', 'recovery'], ['name', 'restrictions']);
  foundation.allowSigning(kbaCheck);
  foundation.allowQueues(kbaCheck, 'notice');

  const recovery = foundation.addFunction('recovery', 'Starts recoveries and writes down how they end');
  foundation.allowTable(recovery, 'create', ['recovery', 'user', 'destination'], ['name', 'restrictions']);
  foundation.allowSigning(recovery);
  foundation.allowQueues(recovery, 'notice');
  return { 'issue-otp': issueOtp, 'verify-otp': verifyOtp, 'kba-check': kbaCheck, recovery };
}

/** The workflow's tasks are functions that serve the API as well. */
export function addRecoveryWorkflow(
  scope: Construct,
  { stage, keys }: Foundation,
  tasks: Readonly<Record<keyof TaskFunctions, FallbackFunction>>,
): sfn.StateMachine {
  const { machine } = new RecoveryWorkflow(scope, 'Recovery', {
    policy: stage.policy,
    functions: lambdasOf(tasks),
    logKey: keys.storage,
  });
  return machine;
}

/** Those of the help desk and the administrator, and the one that tells what everybody may know. */
export function addAdministrationFunctions(foundation: Foundation) {
  const generateBackupCode = foundation.addFunction(
    'generate-backup-code',
    'Makes, counts and revokes backup codes',
  );
  foundation.allowTable(generateBackupCode, 'change', ['user', 'destination'], ['name', 'restrictions']);
  foundation.allowQueues(generateBackupCode, 'notice');

  const users = foundation.addFunction('users', 'Enrols, reads, removes and unlocks users');
  foundation.allowTable(users, 'create', ['user', 'name', 'destination', 'restrictions']);
  // Frees the names of somebody who is renamed or removed.
  foundation.allowItems(users, ['dynamodb:DeleteItem'], ['name']);
  // By the index's own name: no page of AWS says which leading keys a query on an index has.
  allow(users.function, ['dynamodb:Query'], [`${foundation.table.tableArn}/index/users`]);
  foundation.allowQueues(users, 'notice');

  const open = concurrencyOf('open', foundation.stage.open);
  const policy = foundation.addFunction('policy', 'Tells policy, keys and health', {}, open);
  allow(policy.function, ['kms:GetPublicKey'], arnsOf(foundation.keys.signing));
  // Of the table the certificates of those keys: it may not sign, and computes with no pepper.
  foundation.allowItems(policy, ['dynamodb:GetItem'], ['certificate']);
  foundation.allowTableKey(policy);
  return { 'generate-backup-code': generateBackupCode, users, policy };
}

/** The sign-in page: what shows it to people, and the OpenID Provider behind it that clients talk to. */
export function addDoorFunctions(scope: Construct, foundation: Foundation) {
  const open = concurrencyOf('open', foundation.stage.open);
  const page = 'Shows the sign-in page and does what its forms ask for';
  const signIn = foundation.addFunction('sign-in', page, {}, open);
  const shared: readonly ItemKind[] = ['sign-in', 'pushed-request', 'authorization-code', 'used-once'];
  foundation.allowTable(
    signIn,
    'create',
    ['user', 'destination', 'recovery', ...shared],
    ['name', 'restrictions', 'breaker'],
  );
  foundation.allowSigning(signIn);
  foundation.allowQueues(signIn, ...codeQueues, 'notice');
  allow(
    signIn.function,
    ['states:SendTaskSuccess', 'states:SendTaskFailure', 'states:StartExecution'],
    [RecoveryWorkflow.arnIn(scope)],
  );

  const exchange = 'Takes pushed requests and exchanges codes for tokens';
  const oidc = foundation.addFunction('oidc', exchange, {}, open);
  foundation.allowTable(oidc, 'create', [...shared.slice(1), 'certificate']);
  allow(oidc.function, ['kms:Sign'], arnsOf(foundation.keys.signing));
  allow(oidc.function, ['kms:GetPublicKey'], arnsOf(foundation.keys.signing));
  return { 'sign-in': signIn, oidc };
}

export function lambdasOf<Name extends string>(
  functions: Readonly<Record<Name, FallbackFunction>>,
): Record<Name, lambda.Function> {
  const entries = Object.entries<FallbackFunction>(functions).map(([name, each]) => [name, each.function]);
  return Object.fromEntries(entries) as Record<Name, lambda.Function>;
}
