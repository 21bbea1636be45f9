/** Statements of IAM: allow, deny, and what the evaluator refuses to judge. */
import { describe, expect, it } from 'vitest';
import type { Asked, Context } from '../../../../infra/local/iam/asked.ts';
import { prepare } from '../../../../infra/local/iam/decision.ts';
import { type PolicyKind, readPolicy } from '../../../../infra/local/iam/statements.ts';

const document = (...statements: object[]) => ({ Version: '2012-10-17', Statement: statements });
const read = (kind: PolicyKind, ...statements: object[]) =>
  readPolicy(document(...statements), 'Policy', kind);

const queue = 'arn:aws:sqs:r:000000000000:work';
const roleArn = 'arn:aws:iam::000000000000:role/deliver';
const role = { kind: 'role', arn: roleArn, account: '000000000000' } as const;
const send = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queue };

describe('a policy', () => {
  it.each([
    [{ ...send, NotAction: 'sqs:*' }, 'the element NotAction'],
    [{ ...send, Resource: undefined, NotResource: undefined }, 'other than one of Resource and NotResource'],
    [{ ...send, NotResource: queue }, 'other than one of Resource and NotResource'],
    [{ ...send, Effect: 'allow' }, 'an Effect other than Allow and Deny'],
    [{ ...send, Action: undefined }, 'a statement without Action'],
    [{ ...send, Action: [] }, 'an empty list'],
    [{ ...send, Action: 'SendMessage' }, 'the action SendMessage'],
    [{ ...send, Resource: [] }, 'an empty list'],
    [{ ...send, Resource: undefined, NotResource: [] }, 'an empty list'],
    [{ ...send, Principal: '*' }, 'a Principal in this kind of policy'],
    [{ ...send, Resource: 'work' }, 'the resource work'],
    [{ ...send, Resource: 'arn:aws:*:r:000000000000:work' }, 'the resource arn:aws:*:r'],
    [{ ...send, Resource: { Ref: 'Work' } }, '{"Ref":"Work"} in place of text'],
    [{ ...send, Resource: 'arn:aws:sqs:r:000000000000:${aws:username}' }, 'the policy variable'],
    [{ ...send, Condition: { StringEquals: { 'aws:username': 'x' } } }, 'the condition key aws:username'],
  ])('with %j is refused with what is not known and the statement', (statement, message) => {
    expect(() => read('identity-based', statement)).toThrow(
      `Policy: the local stack cannot judge ${message}`,
    );
    expect(() => read('identity-based', statement)).toThrow(JSON.stringify(statement));
  });

  it.each([
    [{ Federated: 'idp' }, 'principals of the kind Federated'],
    [{ AWS: 'arn:aws:iam::000000000000:user/x' }, 'the principal arn:aws:iam::000000000000:user/x'],
    [7, 'the principal 7'],
    [{}, 'a Principal that is nobody'],
    [{ AWS: [] }, 'an empty list'],
    [{ Service: '*' }, 'the principal *'],
    [{ Service: 'logs.*.amazonaws.com' }, 'the principal logs.*.amazonaws.com'],
  ])('of a resource with the principal %j is refused', (Principal, message) => {
    expect(() => read('resource-based', { ...send, Principal })).toThrow(message);
    expect(() => read('resource-based', send)).toThrow('a missing Principal');
  });

  it('of another version is refused, since variables are read differently there', () => {
    expect(() => readPolicy({ Statement: [send] }, 'Policy', 'identity-based')).toThrow(
      'only policies of version',
    );
  });
});

const asked = (action: string, resource: string | undefined = queue, context: Context = {}): Asked => ({
  action,
  resource,
  context,
});
const decide = (identity: object[], resource: object[], what = asked('sqs:SendMessage')) =>
  prepare(
    { identity: read('identity-based', ...identity), resource: read('resource-based', ...resource) },
    role,
    what,
  )(what);
const allowed = { kind: 'allowed' };

describe('a decision', () => {
  it('allows what a policy of the role or of the resource allows, and nothing by itself', () => {
    expect(decide([send], [])).toEqual(allowed);
    expect(decide([], [{ ...send, Principal: { AWS: roleArn } }])).toEqual(allowed);
    expect(decide([], [])).toMatchObject({ kind: 'refused', isExplicit: false, by: 'identity-based' });
  });

  it('does not take what a resource allows to the account for what it allows to a role', () => {
    const account = { AWS: 'arn:aws:iam::000000000000:root' };
    expect(decide([], [{ ...send, Principal: account }])).toMatchObject({ kind: 'refused' });
  });

  it.each([
    ['the role’s', [send, { ...send, Effect: 'Deny' }], [], 'identity-based'],
    ['the resource’s', [send], [{ ...send, Effect: 'Deny', Principal: '*' }], 'resource-based'],
  ])('is refused by an explicit deny of %s policy, whatever else allows it', (_, identity, resource, by) => {
    expect(decide(identity, resource)).toEqual({ kind: 'refused', isExplicit: true, by, unmet: [] });
  });

  it('lets a deny rest whose condition does not hold', () => {
    const unsafe = {
      ...{ ...send, Effect: 'Deny', Principal: '*' },
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    };
    const by = (secure: string) =>
      decide([send], [unsafe], asked('sqs:SendMessage', queue, { 'aws:SecureTransport': [secure] }));
    expect(by('true')).toEqual(allowed);
    expect(by('false')).toMatchObject({ isExplicit: true });
  });

  it('names the conditions that stand in the way', () => {
    const conditional = { ...send, Condition: { StringEquals: { 'aws:SourceAccount': '1' } } };
    expect(decide([conditional], [])).toMatchObject({ unmet: ['aws:SourceAccount'] });
  });

  it('lets NotResource cover all but what it lists, and what has no ARN', () => {
    const phones = { Effect: 'Allow', Action: 'sns:Publish', NotResource: 'arn:aws:sns:*:*:*' };
    const topic = asked('sns:Publish', 'arn:aws:sns:r:000000000000:alarms');
    const phone: Asked = { action: 'sns:Publish', resource: undefined, context: {} };
    expect(decide([phones], [], phone)).toEqual(allowed);
    expect(decide([phones], [], topic)).toMatchObject({ kind: 'refused' });
    expect(
      decide([{ ...phones, NotResource: undefined, Resource: topic.resource }], [], phone),
    ).toMatchObject({
      kind: 'refused',
    });
  });
});

describe('a key', () => {
  const key = 'arn:aws:kms:r:000000000000:key/pepper';
  const use = { Effect: 'Allow', Action: 'kms:GenerateMac', Resource: key };
  const what = asked('kms:GenerateMac', key);
  const toAccount = {
    ...{ Effect: 'Allow', Action: 'kms:*', Resource: '*' },
    Principal: { AWS: 'arn:aws:iam::000000000000:root' },
  };

  it('lets the policies of roles decide only where its own policy lets the account', () => {
    expect(decide([use], [toAccount], what)).toEqual(allowed);
    expect(decide([], [toAccount], what)).toMatchObject({ by: 'identity-based' });
    expect(decide([use], [], what)).toMatchObject({ kind: 'refused', by: 'resource-based' });
  });

  it('can name a role by itself, and deny all others', () => {
    const named = { ...use, Resource: '*', Principal: { AWS: roleArn } };
    expect(decide([], [named], what)).toEqual(allowed);
    const others = {
      ...{ ...use, Effect: 'Deny', Resource: '*', Principal: '*' },
      Condition: { ArnNotEquals: { 'aws:PrincipalArn': roleArn } },
    };
    const as = (arn: string) => asked('kms:GenerateMac', key, { 'aws:PrincipalArn': [arn] });
    expect(decide([use], [toAccount, others], as(roleArn))).toEqual(allowed);
    expect(decide([use], [toAccount, others], as(`${roleArn}2`))).toMatchObject({ isExplicit: true });
  });
});
