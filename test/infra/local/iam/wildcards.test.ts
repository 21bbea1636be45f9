/** Wildcards in actions and resources. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  actionMatcher,
  arnMatcher,
  resourceMatcher,
  textMatcher,
} from '../../../../infra/local/iam/wildcards.ts';

/** What a pattern means, written the slow way: a star takes nothing, or one more character that it may take. */
function slowly(pattern: string, text: string, takes: (character: string) => boolean = () => true): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return text === '';
  const [head, ...tail] = text;
  if (first === '*') {
    if (slowly(rest.join(''), text, takes)) return true;
    return head !== undefined && takes(head) && slowly(pattern, tail.join(''), takes);
  }
  if (head === undefined || (first === '?' ? !takes(head) : head !== first)) return false;
  return slowly(rest.join(''), tail.join(''), takes);
}

const letters = fc.constantFrom('a', 'b', ':', '/', '.', '-', '$', '\n', '\u{1f511}');
const text = fc.string({ unit: letters, maxLength: 8 });
const pattern = fc.string({ unit: fc.oneof(letters, fc.constantFrom('*', '?')), maxLength: 8 });
const segment = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.'), maxLength: 4 });

describe('a pattern of texts', () => {
  it('matches what its wildcards can be replaced by, and nothing else', () => {
    fc.assert(fc.property(pattern, text, (p, t) => void expect(textMatcher(p)(t)).toBe(slowly(p, t))));
  });

  it('without wildcards matches itself alone', () => {
    fc.assert(fc.property(text, text, (p, t) => void expect(textMatcher(p)(t)).toBe(p === t)));
  });

  it('matches every text that grows out of it', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 4 }), fc.array(text, { maxLength: 3 }), (parts, between) => {
        const grown = parts.map((part, at) => `${part}${at < parts.length - 1 ? (between[at] ?? '') : ''}`);
        expect(textMatcher(parts.join('*'))(grown.join(''))).toBe(true);
      }),
    );
  });
});

describe('an action', () => {
  it('is the same in any case', () => {
    expect(actionMatcher('DynamoDB:Get*')('dynamodb:getItem')).toBe(true);
    expect(actionMatcher('kms:ReEncrypt*')('kms:ReEncryptFrom')).toBe(true);
    expect(actionMatcher('kms:Decrypt')('kms:DecryptAll')).toBe(false);
  });
});

describe('a resource', () => {
  it('keeps a wildcard inside its segment, where it is not the last character of it', () => {
    fc.assert(
      fc.property(segment, segment, segment, (before, inside, after) => {
        const matches = resourceMatcher(`arn:${before}*x:${after}`);
        expect(matches(`arn:${before}${inside}x:${after}`)).toBe(true);
        expect(matches(`arn:${before}${inside}:x:${after}`)).toBe(false);
      }),
    );
  });

  it('lets a star that ends its segment reach beyond colons', () => {
    fc.assert(
      fc.property(
        segment,
        fc.array(segment, { maxLength: 3 }),
        (before, more) =>
          void expect(
            resourceMatcher(`arn:aws:sns:${before}*`)(`arn:aws:sns:${before}${more.join(':')}`),
          ).toBe(true),
      ),
    );
  });

  it.each([
    ['arn:aws:sns:*:*:*', 'arn:aws:sns:eu-central-1:000000000000:alarms', true],
    ['arn:aws:connect:r:1:instance/i/contact/*', 'arn:aws:connect:r:1:instance/i/contact/*', true],
    ['arn:aws:connect:r:1:instance/i/contact/*', 'arn:aws:connect:r:1:instance/j/contact/*', false],
    ['arn:aws:dynamodb:r:1:table/T', 'arn:aws:dynamodb:r:1:table/T/index/users', false],
    ['arn:aws:dynamodb:r:1:table/T/index/*', 'arn:aws:dynamodb:r:1:table/T/index/users', true],
    ['arn:aws:dynamodb:r:1:table/?', 'arn:aws:dynamodb:r:1:table/T', true],
    ['arn:aws:dynamodb:r:1:table/T', 'arn:aws:dynamodb:r:1:table/t', false],
  ])('%s covers %s: %s', (given, resource, expected) => {
    expect(resourceMatcher(given)(resource)).toBe(expected);
  });
});

describe('an ARN in a condition', () => {
  it('is compared part by part, the last one with its colons', () => {
    const matches = arnMatcher('arn:aws:execute-api:*:1:api/*');
    expect(matches?.('arn:aws:execute-api:r:1:api/stage/GET/a:b')).toBe(true);
    expect(matches?.('arn:aws:execute-api:r:2:1:api/x')).toBe(false);
  });

  it('has six parts', () => {
    expect(arnMatcher('arn:aws:sns:*')).toBeUndefined();
    expect(arnMatcher('arn:aws:sns:*:*:*')?.('no arn')).toBe(false);
  });

  it('never lets a wildcard cross from one part into the next', () => {
    fc.assert(
      fc.property(segment, segment, segment, (service, account, name) => {
        const matches = arnMatcher(`arn:aws:${service}:*:1${account}:${name}`);
        expect(matches?.(`arn:aws:${service}:region:1${account}:${name}`)).toBe(true);
        expect(matches?.(`arn:aws:${service}:region:2:1${account}:${name}`)).toBe(false);
      }),
    );
  });
});
