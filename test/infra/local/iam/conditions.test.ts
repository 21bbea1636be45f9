/** Conditions of IAM statements, each as AWS documents it. */
import { describe, expect, it } from 'vitest';
import type { Context } from '../../../../infra/local/iam/asked.ts';
import { readConditions } from '../../../../infra/local/iam/conditions.ts';

const refuse = (what: string): never => {
  throw new Error(what);
};
const holds = (block: object, context: Context): boolean =>
  readConditions(block, refuse).every((condition) => condition.holds(context));

const via = (value: string): Context => ({ 'kms:ViaService': [value] });
const leading = (...keys: string[]): Context => ({ 'dynamodb:LeadingKeys': keys });

describe('a condition', () => {
  it.each([
    ['StringEquals', 'dynamodb.r.amazonaws.com', true],
    ['StringEquals', 'dynamodb.*.amazonaws.com', false],
    ['StringLike', 'dynamodb.*.amazonaws.com', true],
    ['StringLike', 'DynamoDB.*.amazonaws.com', false],
    ['StringNotEquals', 'dynamodb.r.amazonaws.com', false],
    ['StringNotLike', 's3.*', true],
  ])('%s %s is %s for a request through DynamoDB', (operator, value, expected) => {
    const block = { [operator]: { 'kms:ViaService': value } };
    expect(holds(block, via('dynamodb.r.amazonaws.com'))).toBe(expected);
  });

  it('holds for any of its values, and a negated one for none of them', () => {
    const values = { 'ses:FromAddress': ['a@example.com', 'b@example.com'] };
    const from = (address: string): Context => ({ 'ses:FromAddress': [address] });
    expect(holds({ StringEquals: values }, from('b@example.com'))).toBe(true);
    expect(holds({ StringEquals: values }, from('c@example.com'))).toBe(false);
    expect(holds({ StringNotEquals: values }, from('b@example.com'))).toBe(false);
    expect(holds({ StringNotEquals: values }, from('c@example.com'))).toBe(true);
  });

  it('holds only together with all others of its statement', () => {
    const block = {
      StringEquals: { 'aws:SourceAccount': '1', 'kms:CallerAccount': '1' },
      ArnLike: { 'aws:SourceArn': 'arn:aws:states:r:1:stateMachine:*' },
    };
    const context: Context = {
      'aws:SourceAccount': ['1'],
      'kms:CallerAccount': ['1'],
      'aws:SourceArn': ['arn:aws:states:r:1:stateMachine:recovery'],
    };
    expect(holds(block, context)).toBe(true);
    expect(holds(block, { ...context, 'aws:SourceAccount': ['2'] })).toBe(false);
    expect(holds(block, { ...context, 'aws:SourceArn': ['arn:aws:states:r:2:stateMachine:recovery'] })).toBe(
      false,
    );
  });

  it.each([
    ['StringEquals', false],
    ['StringLike', false],
    ['ArnLike', false],
    ['StringNotEquals', true],
    ['ArnNotLike', true],
    ['StringEqualsIfExists', true],
  ])('%s is %s where the request has no such key', (operator, expected) => {
    expect(holds({ [operator]: { 'aws:SourceArn': 'arn:aws:sqs:r:1:q' } }, {})).toBe(expected);
  });

  it('Null asks whether the key is there', () => {
    const absent = { Null: { 'dynamodb:LeadingKeys': 'true' } };
    const present = { Null: { 'dynamodb:LeadingKeys': 'false' } };
    expect([holds(absent, {}), holds(absent, leading('a'))]).toEqual([true, false]);
    expect([holds(present, {}), holds(present, leading('a'))]).toEqual([false, true]);
  });

  it('Bool takes a boolean and a text alike', () => {
    const secure: Context = { 'aws:SecureTransport': ['true'] };
    expect(holds({ Bool: { 'aws:SecureTransport': 'false' } }, secure)).toBe(false);
    expect(holds({ Bool: { 'aws:SecureTransport': true } }, secure)).toBe(true);
  });
});

describe('a condition on leading keys', () => {
  const block = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['user#*', 'quota#*'] } };

  it('holds when every key of the request fits one of the values', () => {
    expect(holds(block, leading('user#a'))).toBe(true);
    expect(holds(block, leading('user#a', 'quota#b'))).toBe(true);
    expect(holds(block, leading('user#a', 'recovery#c'))).toBe(false);
  });

  it('holds where the request has no key, as AWS says: Null is what asks for one', () => {
    expect(holds(block, {})).toBe(true);
    expect(holds({ ...block, Null: { 'dynamodb:LeadingKeys': 'false' } }, {})).toBe(false);
  });

  it('ForAnyValue needs one key that fits', () => {
    const any = { 'ForAnyValue:StringEquals': { 'dynamodb:LeadingKeys': 'user#a' } };
    expect(holds(any, leading('user#a', 'user#b'))).toBe(true);
    expect(holds(any, {})).toBe(false);
  });

  it.each([
    [{ StringEquals: { 'dynamodb:LeadingKeys': 'a' } }, 'without ForAllValues or ForAnyValue'],
    [{ 'ForAllValues:StringEquals': { 'ses:FromAddress': 'a' } }, 'which has one value'],
  ])('%j is refused, since AWS says so', (given, message) => {
    expect(() => readConditions(given, refuse)).toThrow(message);
  });
});

describe('what is not known', () => {
  it.each([
    [{ NumericLessThan: { 'aws:SourceAccount': '1' } }, 'the condition operator NumericLessThan'],
    [{ IpAddress: { 'aws:SourceArn': '1.2.3.4' } }, 'the condition operator IpAddress'],
    [{ StringEquals: { 'aws:SourceIp': '1.2.3.4' } }, 'the condition key aws:SourceIp'],
    [{ StringEquals: { 'AWS:SourceArn': 'a' } }, 'the condition key AWS:SourceArn'],
    [{ StringEquals: { 'ses:FromAddress': '${aws:username}' } }, 'the policy variable in ${aws:username}'],
    [{ ArnLike: { 'aws:SourceArn': 'a:b' } }, 'a:b, which is no value for it, under ArnLike'],
    [{ Bool: { 'aws:SecureTransport': 'yes' } }, 'yes, which is no value for it, under Bool'],
    [{ StringEquals: { 'kms:CallerAccount': [] } }, 'an empty list'],
    [{ StringNotEquals: { 'kms:CallerAccount': [] } }, 'an empty list'],
    [{ NullIfExists: { 'aws:SourceArn': 'true' } }, 'the condition operator NullIfExists'],
    [{ stringequals: { 'kms:CallerAccount': '1' } }, 'the condition operator stringequals'],
    [
      { 'ForAnyValue:StringLikeIfExists': { 'dynamodb:LeadingKeys': 'a' } },
      'the condition operator ForAnyValue:StringLikeIfExists',
    ],
    [{ Null: { 'aws:SourceArn': 'maybe' } }, 'Null with something else'],
    [{ StringEquals: { 'ses:FromAddress': 7 } }, '7 in place of text'],
    [{ StringEquals: 'text' }, 'a Condition that is no object'],
  ])('%j is refused by name', (given, message) => {
    expect(() => readConditions(given, refuse)).toThrow(message);
  });
});
