/** Keys of groups of PCs, from the command that makes one to the door that it opens. */
import { copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { groupOf, groupsFrom } from '../../functions/windows/groups.ts';
import { addKey, retireKey } from '../../infra/cli/windows/groups.ts';
import { loadStage } from '../../infra/configuration/stage.ts';

const production = fileURLToPath(new URL('../../infra/stages/production.json', import.meta.url));

test('the new key opens once it is deployed, beside the old one, and the old one not after it is retired', () => {
  const folder = mkdtempSync(join(tmpdir(), 'windows-'));
  copyFileSync(production, join(folder, 'production.json'));
  const place = { stage: 'production', folder };
  /** As a deployment hands them to the function. */
  const deployed = () =>
    groupsFrom({ WINDOWS_GROUPS: JSON.stringify(loadStage('production', { folder }).windows?.groups) });
  const made = (name: string) =>
    (addKey(name, 'MFA', place).value as { readonly path: string }).path.slice('/windows/'.length);

  const other = made('branch');
  const old = made('office');
  const before = deployed();
  const fresh = made('office');
  const during = deployed();
  retireKey('office', place);
  const after = deployed();
  const opens = (groups: typeof before) => [old, fresh, other, ''].map((key) => groupOf(key, groups)?.name);
  expect(opens(before)).toEqual(['office', undefined, 'branch', undefined]);
  expect(opens(during)).toEqual(['office', 'office', 'branch', undefined]);
  expect(opens(after)).toEqual([undefined, 'office', 'branch', undefined]);
});
