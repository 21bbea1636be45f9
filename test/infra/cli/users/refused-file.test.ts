/** The file of refused rows: nothing of a row is lost in it, whatever the other rows have. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RefusedFile } from '../../../../infra/cli/users/import/refused-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'refused-'));

test('lines of NDJSON with other columns each have all of them, also after one that was no JSON', async () => {
  const file = new RefusedFile(join(folder, 'people.ndjson'), ['userId', 'phone', 'email', 'line']);
  await file.add({ line: 1, cells: {} }, { field: '', reason: 'this line is not JSON' });
  await file.add(
    { line: 2, cells: { userId: 'erin', phone: '1' } },
    { field: 'phone', reason: 'Too short.' },
  );
  await file.add({ line: 3, cells: { email: null, userId: 'frank' } }, { field: 'userId', reason: 'Taken.' });
  expect(readFileSync((await file.close()) ?? '', 'utf8').split('\n')).toEqual([
    '\uFEFFuserId,phone,email,line,field,reason',
    ',,,1,,this line is not JSON',
    'erin,1,,2,phone,Too short.',
    'frank,,-,3,userId,Taken.',
    '',
  ]);
});

test('there is none where no row was refused', async () => {
  const file = new RefusedFile(join(folder, 'all-good.csv'), ['userId']);
  expect(await file.close()).toBeUndefined();
});
