/** Roles and permissions as they are read out of a template. */
import { describe, expect, it } from 'vitest';
import { createAuthorizer } from '../../../../infra/local/iam/authorizer.ts';
import { readRoles } from '../../../../infra/local/iam/roles.ts';
import type { Resource } from '../../../../infra/local/template/assembly.ts';
import { directory, ownIssuer, templateOf, voice, windows } from '../../template.ts';
import { templateWith } from './fixtures.ts';

const stages = {
  'with Cognito': {},
  'with calls and everything else': {
    voice,
    windows,
    directory,
    sms: { maxPriceUsd: 0.2, deliveryStatus: true },
    email: { configurationSet: 'mfa' },
    alarms: { email: 'ops@example.com' },
    keys: { pepper: { versions: [2, 1] }, signing: { versions: [2, 1] } },
  },
  'with an issuer of its own': { tokens: ownIssuer },
};

describe.each(Object.entries(stages))('a stage %s', (_, overrides) => {
  const { Resources } = templateOf(overrides).toJSON() as { Resources: Record<string, Resource> };
  const template = templateWith(Resources);

  it('has no statement that is not understood, and no role without one', () => {
    expect(() => createAuthorizer(template, () => {})).not.toThrow();
    const roles = [...readRoles(template).values()];
    const written = Object.values(Resources)
      .filter(({ Type }) => Type === 'AWS::IAM::Policy')
      .flatMap(({ Properties }) => (Properties['PolicyDocument'] as { Statement: object[] }).Statement);
    expect(roles.flatMap(({ statements }) => statements).length).toBe(written.length);
    expect(roles.filter(({ statements }) => statements.length === 0)).toEqual([]);
  });
});
