/** `windows add` and `windows retire`: keys of groups in a stage's file. */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, test } from 'vitest';
import { addKey, retireKey } from '../../../../infra/cli/windows/groups.ts';
import { loadStage } from '../../../../infra/configuration/stage.ts';

const production = fileURLToPath(new URL('../../../../infra/stages/production.json', import.meta.url));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'windows-'));
  copyFileSync(production, join(folder, 'production.json'));
});

const place = () => ({ stage: 'production', folder });
const groups = () => loadStage('production', { folder }).windows?.groups;
const keyIn = (text: string) => /path = \/windows\/([\w-]{43})$/m.exec(text)?.[1] ?? '';
const digest = (key: string) => createHash('sha256').update(key).digest('hex');

test('a new group gets a key that is shown once, and the stage keeps its digest alone', () => {
  const { text } = addKey('pcs', 'MFA', place());
  const key = keyIn(text);
  expect(groups()).toEqual([{ name: 'pcs', mode: 'MFA', keys: [digest(key)] }]);
  expect(readFileSync(join(folder, 'production.json'), 'utf8')).not.toContain(key);
});

test('a second key works beside the first, until that one is retired', () => {
  const first = keyIn(addKey('pcs', 'Hybrid', place()).text);
  const second = keyIn(addKey('pcs', undefined, place()).text);
  expect(groups()).toEqual([{ name: 'pcs', mode: 'Hybrid', keys: [digest(second), digest(first)] }]);
  expect(() => addKey('pcs', undefined, place())).toThrow('windows retire pcs');
  retireKey('pcs', place());
  expect(groups()).toEqual([{ name: 'pcs', mode: 'Hybrid', keys: [digest(second)] }]);
  expect(() => retireKey('pcs', place())).toThrow('windows add pcs');
});

test('a group that is not there names those that are', () => {
  addKey('head-office', 'MFA', place());
  expect(() => retireKey('head-ofice', place())).toThrow('it has head-office; did you mean head-office?');
});

test('a new group without a mode, an unknown one and a name that is none leave the file as it was', () => {
  const before = readFileSync(join(folder, 'production.json'), 'utf8');
  expect(() => addKey('pcs', undefined, place())).toThrow('--mode');
  expect(() => retireKey('pcs', place())).toThrow('pcs is no group');
  expect(() => addKey('My PCs', 'MFA', place())).toThrow(/^Nothing was written: .*lower-case letters/s);
  expect(readFileSync(join(folder, 'production.json'), 'utf8')).toBe(before);
});
