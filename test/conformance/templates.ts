/** Runs cfn-lint over the templates of a few stages. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { directory, ownIssuer, templateOf, voice, windows } from '../infra/template.ts';
import { runDirectory } from '../synthesized.ts';
import { installed, run } from './python.ts';

const stages = {
  plain: {},
  full: {
    rollout: 'canary',
    voice,
    directory,
    windows,
    sms: { maxPriceUsd: 0.2, deliveryStatus: true },
    alarms: { email: 'ops@example.com', smsMonthlyUsd: 400 },
    table: { warmReads: 20_000, warmWrites: 8_000, mostReads: 30_000, mostWrites: 10_000 },
    delivery: { reserved: true },
    keys: { pepper: { versions: [2, 1] }, signing: { versions: [2, 1], rsa2048: [2] } },
  },
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
const options = ['--ignore-checks', 'W3005', '--regions', 'eu-central-1', '--'];

/** @returns its findings, a line each. @throws {NoTester} */
export async function lintTemplates(): Promise<readonly string[]> {
  const commands = await installed(['cfn-lint==1.58.0']);
  const folder = mkdtempSync(join(runDirectory(), 'cfn-lint-'));
  const files = Object.entries(stages).map(([name, overrides]) => {
    const file = join(folder, `${name}.json`);
    writeFileSync(file, JSON.stringify(templateOf(overrides).toJSON()));
    return file;
  });
  return (await run(join(commands, 'cfn-lint'), [...options, ...files])).lines;
}
