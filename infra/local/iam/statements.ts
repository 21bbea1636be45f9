/** One statement of a policy, read so that whatever is not known is refused and nothing is skipped. */
import { UnsupportedTemplateError } from '../template/intrinsics.ts';
import type { Asked } from './asked.ts';
import { type Condition, type Refuse, readConditions, textsOf } from './conditions.ts';
import { type Principals, readPrincipals } from './principals.ts';
import { actionMatcher, resourceMatcher } from './wildcards.ts';

export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  /** Absent in the policy of a role, where the role is meant. */
  readonly principals: Principals | undefined;
  readonly conditions: readonly Condition[];
  /** Says nothing about the conditions. */
  covers(action: string, resource: string | undefined): boolean;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html */
const elements = ['Sid', 'Effect', 'Principal', 'Action', 'Resource', 'NotResource', 'Condition'];

/** Policy variables and their escapes exist in this version alone.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html */
const version = '2012-10-17';

export type PolicyKind = 'identity-based' | 'resource-based';

/** @param document with all intrinsics resolved. @param owner named by errors.
 * @throws {UnsupportedTemplateError} with the statement. */
export function readPolicy(document: unknown, owner: string, kind: PolicyKind): Statement[] {
  const { Version, Statement: statements, ...rest } = document as Record<string, unknown>;
  const { Id: _, ...unknown } = rest; // a name, which decides nothing
  if (Version !== version || Object.keys(unknown).length > 0) {
    throw new UnsupportedTemplateError(`${owner}: only policies of version ${version} are judged`);
  }
  return [statements].flat().map((statement) => readStatement(statement, owner, kind));
}

export function readStatement(value: unknown, owner: string, kind: PolicyKind): Statement {
  const refuse: Refuse = (what) => {
    throw new UnsupportedTemplateError(
      `${owner}: the local stack cannot judge ${what}, in the statement ${JSON.stringify(value)}`,
    );
  };
  if (value === null || typeof value !== 'object') return refuse('what is no object');
  const statement = value as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(statement).find((name) => !elements.includes(name));
  if (unknown !== undefined) return refuse(`the element ${unknown}`);
  const { Effect: effect, Principal: principal, Condition: conditions = {} } = statement;
  if (effect !== 'Allow' && effect !== 'Deny') return refuse('an Effect other than Allow and Deny');
  if ((principal !== undefined) !== (kind === 'resource-based')) {
    return refuse(
      `${principal === undefined ? 'a missing Principal' : 'a Principal'} in this kind of policy`,
    );
  }
  const isAction = readActions(statement['Action'], refuse);
  const isResource = readResources(statement, refuse);
  return {
    effect,
    principals: principal === undefined ? undefined : readPrincipals(principal, refuse),
    conditions: readConditions(conditions, refuse),
    covers: (action, resource) => isAction(action) && isResource(resource),
  };
}

export function isUnconditional({ conditions }: Statement): boolean {
  return conditions.length === 0;
}

export function holds({ conditions }: Statement, { context }: Asked): boolean {
  return conditions.every((condition) => condition.holds(context));
}

function readActions(value: unknown, refuse: Refuse): (action: string) => boolean {
  if (value === undefined) return refuse('a statement without Action');
  const patterns = textsOf(value, refuse);
  const wrong = patterns.find((pattern) => pattern !== '*' && !/^[\w*?-]+:[\w*?]+$/.test(pattern));
  if (wrong !== undefined) return refuse(`the action ${wrong}`);
  const matchers = patterns.map(actionMatcher);
  return (action) => matchers.some((matches) => matches(action));
}

/** `NotResource` covers all but what it lists, and so what has no ARN.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html */
function readResources(
  { Resource: named, NotResource: excluded }: Readonly<Record<string, unknown>>,
  refuse: Refuse,
): (resource: string | undefined) => boolean {
  if ((named === undefined) === (excluded === undefined))
    return refuse('other than one of Resource and NotResource');
  const patterns = textsOf(named ?? excluded, refuse);
  const wrong = patterns.find(
    (pattern) => pattern !== '*' && !/^arn:[^:*?]+:[^:*?]+:[^:]*:[^:]*:/.test(pattern),
  );
  if (wrong !== undefined) return refuse(`the resource ${wrong}`);
  const matchers = patterns.map(resourceMatcher);
  const isListed = (resource: string | undefined) =>
    resource === undefined ? patterns.includes('*') : matchers.some((matches) => matches(resource));
  return named === undefined ? (resource) => !isListed(resource) : isListed;
}
