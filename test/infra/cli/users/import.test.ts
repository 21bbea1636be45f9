/** Imports against a started stack: what is written, what is refused and where, and that a repetition is silent. */
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { importFile } from '../../../../infra/cli/users/import/import-file.ts';
import { createClient, orThrow } from '../../../../shared/client/index.ts';
import { clientOf } from '../../../e2e/people.ts';
import { borrowStack, type Stack } from '../../../stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await borrowStack();
});
afterAll(() => stack.stop());

const folder = mkdtempSync(join(tmpdir(), 'import-'));
let files = 0;

async function imported(
  lines: readonly string[],
  { dryRun = false, client = clientOf(stack, 'admin') } = {},
) {
  files += 1;
  const file = join(folder, `people-${files}.csv`);
  writeFileSync(file, lines.join('\n'));
  const result = await importFile(file, { encoding: 'utf-8', dryRun, atOnce: 4 }, client);
  const { refusedFile } = result;
  return { ...result, file, refusedRows: refusedFile === undefined ? '' : readFileSync(refusedFile, 'utf8') };
}

const read = async (userId: string) =>
  orThrow(await clientOf(stack, 'admin').request('readUser', { path: { userId } }));
const own = (name: string) => `imported-${name}-${process.pid}`;
/** Somebody else than any other file enrols. */
const header = 'userId,phone,email,alternateEmail,displayName,enabled';

test('a dry run says what would come of it, and writes nothing', async () => {
  const lines = [header, `${own('dry')},+12025550188,,,,`, `${own('dry2')},12,,,,`];
  const result = await imported(lines, { dryRun: true });
  expect(result).toMatchObject({ created: 1, refused: 1, dryRun: true });
  expect(await clientOf(stack, 'admin').request('readUser', { path: { userId: own('dry') } })).toMatchObject({
    problem: { code: 'not-found' },
  });
});

test('an empty cell keeps, - clears, and a repetition changes nothing and tells nobody', async () => {
  const userId = own('erin');
  await imported([header, `${userId},+1 202 555 0189,erin@example.com,erin@alternate.example,Erin,`]);
  const changes = [header, `${userId},,,-,,no`];
  expect(await imported(changes)).toMatchObject({ created: 0, changed: 1, unchanged: 0 });
  expect(await read(userId)).toMatchObject({
    phone: '+12025550189',
    email: 'erin@example.com',
    enabled: false,
  });
  expect((await read(userId)).alternateEmail).toBeUndefined();
  await stack.quiet();
  await stack.clearOutbox();
  expect(await imported(changes)).toMatchObject({ changed: 0, unchanged: 1 });
  await stack.quiet();
  expect(await stack.outbox()).toEqual([]);
});

test('refused rows stand in a file of their own, with line, field and reason, and are imported when put right', async () => {
  const [good, bad] = [own('good'), own('bad')];
  const result = await imported([
    header,
    `${good},+12025550190,,,,`,
    `${bad},+999,nowhere,,"Bad; ""one""",`,
    `${good.toUpperCase()},,,,,`,
    `"line\nbreak",,,,,`,
    `er/in,,,,,`,
  ]);
  expect(result).toMatchObject({ rows: 5, created: 1, refused: 4 });
  const [first = '', ...rows] = result.refusedRows.split('\n');
  expect(first).toBe(`\uFEFF${header},line,field,reason`);
  expect(result.refusedRows).toContain(`,"Bad; ""one""",,3,`);
  expect(rows.find((row) => row.startsWith(bad))).toMatch(/,3,(?:phone|email),/);
  expect(result.refusedRows).toContain(',4,userId,Line 2 has this name already.');
  expect(result.refusedRows).toContain(',userId,A line break stands in it.');
  expect(result.refusedRows).toMatch(/^er\/in,.*,userId,/m);
  expect(statSync(result.refusedFile ?? '').mode & 0o777).toBe(0o600);

  const corrected = result.refusedRows
    .split('\n')
    .filter((row, at) => at === 0 || row.startsWith(bad))
    .map((row) => row.replace('+999', '+12025550191').replace('nowhere', 'bad@example.com'));
  expect(await imported(corrected)).toMatchObject({ rows: 1, created: 1, refused: 0 });
  expect(await read(bad)).toMatchObject({ displayName: 'Bad; "one"', phone: '+12025550191' });
});

test('an import that was cut off is gone on with by running it again', async () => {
  const lines = [header, ...Array.from({ length: 12 }, (_, at) => `${own(`cut-${at}`)},+12025550192,,,,`)];
  let left = 15;
  const token = () => {
    left -= 1;
    if (left < 0) throw new Error('the process is gone');
    return stack.token('admin');
  };
  const dying = createClient({ api: stack.origin, token });
  await expect(imported(lines, { client: dying })).rejects.toThrow('the process is gone');
  const again = await imported(lines);
  expect(again.created + again.unchanged).toBe(12);
  expect(again.unchanged).toBeGreaterThan(0);
  expect(await imported(lines)).toMatchObject({ created: 0, changed: 0, unchanged: 12, refused: 0 });
});

test('a token without the right ends the import at once, and refuses no row', async () => {
  const client = clientOf(stack, 'web-login');
  await expect(imported([header, 'erin,,,,,'], { client })).rejects.toMatchObject({
    problem: { code: 'forbidden' },
  });
});
