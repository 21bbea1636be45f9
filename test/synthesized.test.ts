/** What tests synthesize faster than the app does is the same as what the app synthesizes. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readAssembly } from '../infra/local/template/assembly.ts';
import { assembly, runDirectory, writeVariant } from './synthesized.ts';

const templateIn = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'MfaFallback-local.template.json'), 'utf8'));

test('a variant without a change has the template and the bundles of the app', async () => {
  const variant = mkdtempSync(join(runDirectory(), 'variant-'));
  await writeVariant(variant);
  const app = await assembly();
  expect(templateIn(variant)).toEqual(templateIn(app));
  const keys = (folder: string) => [...readAssembly(folder).assets.keys()].toSorted();
  expect(keys(variant)).toEqual(keys(app));
  expect(keys(app).length).toBeGreaterThan(5);
});

test('a variant has the policy and the fields that were asked for', async () => {
  const folder = await assembly({ mode: 'MFA' }, { email: { from: 'somebody@example.com' } });
  const text = JSON.stringify(templateIn(folder));
  expect(text).toContain('\\"mode\\":\\"MFA\\"');
  expect(text).toContain('somebody@example.com');
});
