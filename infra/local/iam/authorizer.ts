/** IAM of the local stack: judges every request that a function's role signs, as AWS would with the same template. */
import type { AwsRequest } from '../aws/protocols.ts';
import { ServiceError } from '../aws/service-error.ts';
import { type AwsService, protocols } from '../aws/services.ts';
import { account } from '../template/names.ts';
import type { Template } from '../template/template.ts';
import { administratorKey, credentialOf, roleOfKey } from './access-keys.ts';
import type { Asked } from './asked.ts';
import { callRule, emailRule, smsRule } from './carrier-requests.ts';
import { type Decide, type Decision, prepare } from './decision.ts';
import type { Asker } from './principals.ts';
import { accessDenied, adviceFor, messageOf, type Refused } from './refusals.ts';
import { type Role, readResourcePolicies, readRoles } from './roles.ts';
import type { Rule } from './rules.ts';
import { keyRule, queueRule, workflowRule } from './service-requests.ts';
import { tableRule } from './table-requests.ts';
import { readTables } from './tables.ts';

export interface Authorizer {
  /** @returns what to refuse the request with, undefined when it may run. */
  authorize(service: AwsService, operation: string, request: AwsRequest): ServiceError | undefined;
  /** @returns why a role may not, undefined when it may. */
  judgeRole(roleArn: string, asked: Asked): string | undefined;
  /** The same for a service of AWS, such as `apigateway.amazonaws.com`. */
  judgeService(name: string, asked: Asked): string | undefined;
}

/** @param tell receives a line for each kind of refusal, once.
 * @throws {UnsupportedTemplateError} for a policy that holds anything which is not judged. */
export function createAuthorizer(template: Template, tell: (line: string) => void): Authorizer {
  const roles = readRoles(template);
  const resourcePolicies = readResourcePolicies(template);
  const rules = rulesFor(template);
  const prepared = new Map<string, Decide>();
  const told = new Set<string>();

  const decide = (asker: Asker, identity: Role['statements'], asked: Asked): Decision => {
    const name = asker.kind === 'role' ? asker.arn : asker.name;
    const key = `${name} ${asked.action} ${asked.resource}`;
    let known = prepared.get(key);
    if (known === undefined) {
      const resource = (asked.resource && resourcePolicies.get(asked.resource)) || [];
      known = prepare({ identity, resource }, asker, asked);
      prepared.set(key, known);
    }
    return known(asked);
  };

  const tellOnce = (line: string) => {
    if (told.has(line)) return;
    told.add(line);
    tell(line);
  };

  const judge = (role: Role, asked: Asked): Refused | undefined => {
    const asker = { kind: 'role', arn: role.arn, account } as const;
    const context = { ...standing(role.arn, asked.action), ...asked.context };
    const decision = decide(asker, role.statements, { ...asked, context });
    if (decision.kind === 'allowed') return undefined;
    tellOnce(adviceFor(nameOf(role), role.path, asked, decision));
    return decision;
  };

  return {
    authorize: requestsJudgedBy({ judge, tellOnce, rules, roles }),
    judgeRole(roleArn, asked) {
      const role = roles.get(roleArn);
      if (role === undefined) return `${roleArn} is no role of the template`;
      const refused = judge(role, asked);
      return refused && messageOf(sessionOf(role), asked, refused);
    },
    judgeService(name, asked) {
      const decision = decide({ kind: 'service', name }, [], asked);
      if (decision.kind === 'allowed') return undefined;
      tellOnce(adviceFor(name, '', asked, decision));
      return messageOf(name, asked, decision);
    },
  };
}

interface Judging {
  readonly judge: (role: Role, asked: Asked) => Refused | undefined;
  readonly tellOnce: (line: string) => void;
  readonly rules: Readonly<Record<AwsService, Rule>>;
  readonly roles: ReturnType<typeof readRoles>;
}

/** A request may need several rights, such as the table's and its key's; the first that is missing refuses it. */
function requestsJudgedBy({ judge, tellOnce, rules, roles }: Judging): Authorizer['authorize'] {
  const roleById = new Map([...roles.values()].map((role) => [role.id, role]));
  return (service, operation, request) => {
    const { accessKey, region } = credentialOf(request.headers.authorization);
    if (accessKey === administratorKey) return undefined;
    const role = roleById.get(roleOfKey(accessKey) ?? '');
    if (role === undefined) return unknownKey();
    const asks = rules[service]({ operation, input: inputOf(service, request), region });
    if (asks === undefined) {
      const advice = `${nameOf(role)} asked ${service} for ${operation} in a way that no rule judges. Next: teach infra/local/iam what it needs.`;
      tellOnce(advice);
      return accessDenied(service, advice);
    }
    for (const asked of asks) {
      const refused = judge(role, asked);
      if (refused === undefined) continue;
      const message = messageOf(sessionOf(role), asked, refused);
      const isForTable = service === 'dynamodb' && asked.action.startsWith('kms:');
      return accessDenied(service, isForTable ? `KMS key access denied error: ${message}` : message);
    }
    return undefined;
  };
}

/** No rule for a service: what asks for it is refused. */
function rulesFor(template: Template): Readonly<Record<AwsService, Rule>> {
  return {
    dynamodb: tableRule(readTables(template)),
    sns: smsRule,
    ses: emailRule,
    connect: callRule,
    sqs: queueRule,
    kms: keyRule,
    states: workflowRule(template),
    secretsmanager: () => undefined,
  };
}

/** What AWS knows of every request. Functions reach AWS by TLS, and only this machine without.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
function standing(roleArn: string, action: string): Asked['context'] {
  return {
    'aws:PrincipalArn': [roleArn],
    'aws:PrincipalAccount': [account],
    'aws:SecureTransport': ['true'],
    ...(action.startsWith('kms:') ? { 'kms:CallerAccount': [account] } : {}),
  };
}

/** A body that cannot be read is the service's to refuse: it names no resource, and nothing comes of it. */
function inputOf(service: AwsService, request: AwsRequest) {
  try {
    return protocols[service].input(request);
  } catch {
    return {};
  }
}

/** The name that the stack gave the construct: `MfaFallback-local/deliver/Role/Resource`. */
function nameOf({ id, path }: Role): string {
  return path.split('/')[1] ?? id;
}

function sessionOf({ arn }: Role): string {
  const name = arn.slice(arn.lastIndexOf('/') + 1);
  return `arn:aws:sts::${account}:assumed-role/${name}/local`;
}

function unknownKey(): ServiceError {
  const message = 'The security token included in the request is invalid.';
  return new ServiceError('UnrecognizedClientException', message, { status: 403 });
}
