/** Findings of cdk-nag that stand, each with the reason why. */
import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Stage } from './configuration/stage.ts';
import type { MfaFallback } from './construct/mfa-fallback.ts';

const findings = [
  {
    at: 'Tokens/Pool',
    ids: ['COG1', 'COG2', 'COG8'],
    reason:
      'The pool has clients and no people: there is no password, no factor and no threat protection to set.',
  },
  ...['GET', 'HEAD'].flatMap((method) => [
    {
      at: `HttpApi/${method}--.well-known--jwks.json`,
      ids: ['APIG4'],
      reason: 'Public keys are public; whoever checks an assertion reads them without a token.',
    },
    {
      at: `HttpApi/${method}--v1--health`,
      ids: ['APIG4'],
      reason: 'Health says that the door is open and nothing else.',
    },
  ]),
  ...['POST--%check', 'GET--%polltransaction', 'HEAD--%polltransaction'].map((route) => ({
    at: `HttpApi/${route.replace('%', 'windows--{deploymentKey}--validate--')}`,
    ids: ['APIG4'],
    reason:
      'The client of logon screens sends no token; the deployment key in its path is looked at by the function.',
  })),
  {
    at: 'Recovery/Machine',
    ids: ['SF2'],
    reason:
      'The history of an execution tells every step already, and holds ids only; a trace would add nothing.',
  },
  {
    at: 'deliver/Role',
    ids: ['IAM5[Resource::*]'],
    reason:
      'SES asks for a right on more identities than the sender; the condition on the sender is the bound.',
  },
  {
    at: 'Recovery/Role',
    ids: ['IAM5[Resource::*]'],
    reason: 'Log delivery is set up per account: CloudWatch Logs has no resource to name for it.',
  },
  {
    at: 'Api/Unknown',
    ids: ['APIG4'],
    reason: 'Answers paths that do not exist with a problem document; there is nothing to protect.',
  },
] as const;

export function acknowledgeFindings(
  fallback: MfaFallback,
  { region, voice, account = '<AWS::AccountId>' }: Stage,
): void {
  for (const { at, ids, reason } of findings) {
    for (const id of ids) acknowledge(fallback, at, id, reason);
  }
  if (voice === undefined) return;
  const contacts = `arn:aws:connect:${region}:${account}:instance/${voice.instanceId}/contact/*`;
  const reason = 'A contact has no name before the call is placed; the instance is named.';
  acknowledge(fallback, 'deliver/Role', `IAM5[Resource::${contacts}]`, reason);
}

/** A stage may go without the part. */
function acknowledge(fallback: MfaFallback, path: string, id: string, reason: string): void {
  const found = path
    .split('/')
    .reduce<IConstruct | undefined>((node, child) => node?.node.tryFindChild(child), fallback);
  if (found) Validations.of(found).acknowledge({ id: `AwsSolutions::AwsSolutions-${id}`, reason });
}
