/** The roles of the template with their policies, and the policies of the resources that they ask for. */
import { UnsupportedTemplateError } from '../template/intrinsics.ts';
import type { Template } from '../template/template.ts';
import { readPermissions } from './permissions.ts';
import { readPolicy, type Statement } from './statements.ts';

export interface Role {
  /** Logical id. */
  readonly id: string;
  readonly arn: string;
  /** Construct that made it, where the assembly tells. */
  readonly path: string;
  readonly statements: readonly Statement[];
}

/** Types that hang a policy on roles. */
const policyTypes = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'];
/** Types that grant or deny, by their names; those that are not read would change a decision. */
const grantingType = /(?:Policy|PolicyAttachment|Permission|Permissions|Grant)$/;
const readTypes = [
  ...policyTypes,
  'AWS::SQS::QueuePolicy',
  'AWS::SNS::TopicPolicy',
  'AWS::Lambda::Permission',
];
/** Would bound or widen what a role may do in ways that are not judged here. */
const unknownProperties = ['ManagedPolicyArns', 'PermissionsBoundary'];

/** @returns roles by ARN. @throws {UnsupportedTemplateError} for what cannot be judged. */
export function readRoles(template: Template): ReadonlyMap<string, Role> {
  const [unread] = template
    .all()
    .filter(([, { Type }]) => grantingType.test(Type) && !readTypes.includes(Type));
  if (unread !== undefined)
    throw new UnsupportedTemplateError(`${unread[0]}: ${unread[1].Type} is not judged`);
  const attached = readAttached(template);
  const roles = template.ofType('AWS::IAM::Role').map(([id, { Properties, path = id }]): Role => {
    const unknown = unknownProperties.find((name) => Properties[name] !== undefined);
    if (unknown !== undefined) throw new UnsupportedTemplateError(`${id}: ${unknown} is not judged`);
    const inline = (
      template.resolve(Properties['Policies'] ?? [], id) as { PolicyDocument: unknown }[]
    ).flatMap(({ PolicyDocument }) => readPolicy(PolicyDocument, id, 'identity-based'));
    const { Arn: arn = '', Ref: name = '' } = template.names(id);
    const statements = attached
      .filter((each) => each.roles.includes(name))
      .flatMap((each) => each.statements);
    return { id, arn, path, statements: [...inline, ...statements] };
  });
  return new Map(roles.map((role) => [role.arn, role]));
}

function readAttached(template: Template) {
  return template.ofType(...policyTypes).map(([id, { Properties }]) => ({
    roles: template.resolve(Properties['Roles'] ?? [], id) as string[],
    statements: readPolicy(template.resolve(Properties['PolicyDocument'], id), id, 'identity-based'),
  }));
}

/** @returns statements of key policies, queue and topic policies and permissions to invoke, by the resource's ARN. */
export function readResourcePolicies(template: Template): ReadonlyMap<string, readonly Statement[]> {
  const policies = new Map<string, Statement[]>();
  const add = (arn: string, statements: readonly Statement[]) =>
    policies.set(arn, [...(policies.get(arn) ?? []), ...statements]);
  for (const [id, { Properties }] of template.ofType('AWS::KMS::Key')) {
    const document = template.resolve(Properties['KeyPolicy'] ?? defaultKeyPolicy, id);
    add(template.names(id)['Arn'] ?? '', readPolicy(document, id, 'resource-based'));
  }
  for (const [id, { Properties }] of template.ofType('AWS::SQS::QueuePolicy')) {
    const statements = readPolicy(template.resolve(Properties['PolicyDocument'], id), id, 'resource-based');
    for (const url of template.resolve(Properties['Queues'], id) as string[]) {
      add(template.names(template.idOf(url, id))['Arn'] ?? '', statements);
    }
  }
  for (const [id, { Properties }] of template.ofType('AWS::SNS::TopicPolicy')) {
    const statements = readPolicy(template.resolve(Properties['PolicyDocument'], id), id, 'resource-based');
    for (const arn of template.resolve(Properties['Topics'], id) as string[]) add(arn, statements);
  }
  for (const [arn, statement] of readPermissions(template)) add(arn, [statement]);
  return policies;
}

/** What KMS gives a key that is made without a policy.
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
const defaultKeyPolicy = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:root' } },
      Action: 'kms:*',
      Resource: '*',
    },
  ],
};
