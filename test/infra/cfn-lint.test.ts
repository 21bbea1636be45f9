/** cfn-lint on the templates, where it is installed; what it has found before also stands as an assertion of its own. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { directory, ownIssuer, resourcesOf, templateOf, voice, windows } from './template.ts';

const stages = {
  plain: {},
  full: { rollout: 'canary', voice, directory, windows, alarms: { email: 'ops@example.com' } },
  own: {
    tokens: ownIssuer,
    domain: {
      name: 'mfa.example.com',
      certificateArn:
        'arn:aws:acm:eu-central-1:123456789012:certificate/11111111-2222-4333-8444-555555555555',
    },
  },
};

/** W3005: CDK writes dependencies out that CloudFormation would see by itself. */
const lint = (...parameters: readonly string[]) =>
  spawnSync('cfn-lint', ['--ignore-checks', 'W3005', '--regions', 'eu-central-1', '--', ...parameters], {
    encoding: 'utf8',
  });

const isInstalled = spawnSync('cfn-lint', ['--version']).status === 0;

it.skipIf(!isInstalled)('finds nothing in the templates', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cfn-lint-'));
  const files = Object.entries(stages).map(([name, overrides]) => {
    const file = join(folder, `${name}.json`);
    writeFileSync(file, JSON.stringify(templateOf(overrides).toJSON()));
    return file;
  });
  expect(lint(...files).stdout).toBe('');
});

describe('what it has found before', () => {
  it('is not there again: tags on an association of Connect, whose API takes none', () => {
    const associations = resourcesOf(templateOf(stages.full), 'AWS::Connect::IntegrationAssociation');
    expect([...associations.values()].map((each) => Object.keys(each).sort())).toEqual([
      ['InstanceId', 'IntegrationArn', 'IntegrationType'],
    ]);
  });
});
