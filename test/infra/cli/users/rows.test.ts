/** Files of people as spreadsheets and scripts write them, and what is said of those that cannot be read. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { escaped, unescaped } from '../../../../infra/cli/users/rows/columns.ts';
import type { Encoding } from '../../../../infra/cli/users/rows/decode.ts';
import { readRows } from '../../../../infra/cli/users/rows/read-rows.ts';
import type { Row } from '../../../../infra/cli/users/rows/row.ts';

const folder = mkdtempSync(join(tmpdir(), 'rows-'));

async function rows(content: string | Uint8Array, name = 'people.csv', encoding: Encoding = 'utf-8') {
  const file = join(folder, name);
  writeFileSync(file, content);
  const read: Row[] = [];
  for await (const row of readRows(file, encoding)) read.push(row);
  return read;
}

const said = async (...args: Parameters<typeof rows>): Promise<string> =>
  rows(...args).then(
    () => 'read',
    (error: Error) => error.message.replaceAll(`${folder}/`, ''),
  );

describe('a file that can be read', () => {
  it.each([
    ['commas', 'userId,email\nerin,e@example.com\n'],
    ['semicolons', 'userId;email\nerin;e@example.com\n'],
    ['tabs', 'userId\temail\nerin\te@example.com\n'],
    ['a byte order mark', '\uFEFFuserId,email\nerin,e@example.com\n'],
    ['line ends of Windows and an empty line', 'userId,email\r\nerin,e@example.com\r\n\r\n'],
    ['no line end', 'userId,email\nerin,e@example.com'],
    ['a line that names the delimiter', 'sep=;\nuserId;email\nerin;e@example.com\n'],
    ['names of columns in another case', 'USERID, Email \nerin,e@example.com\n'],
    ['quotes around everything', '"userId","email"\n"erin","e@example.com"\n'],
  ])('has %s', async (_, content) => {
    const [row, ...more] = await rows(content);
    expect(row?.cells).toEqual({ userId: 'erin', email: 'e@example.com' });
    expect(more).toEqual([]);
  });

  it('is Windows-1252 where that is said', async () => {
    const bytes = Buffer.from('userId,displayName\nm,M\xfcller \x80\n', 'latin1');
    expect((await rows(bytes, 'w.csv', 'windows-1252'))[0]?.cells).toMatchObject({ displayName: 'Müller €' });
  });

  it('is UTF-16 where that is said', async () => {
    const bytes = Buffer.from('\uFEFFuserId\tdisplayName\nm\tMüller\n', 'utf16le');
    expect((await rows(bytes, 'u.txt', 'utf-16le'))[0]?.cells).toMatchObject({ displayName: 'Müller' });
  });

  it('keeps a quoted line break inside its cell, and counts lines on', async () => {
    const read = await rows('userId,displayName\nerin,"Erin\nExample"\nfrank,Frank\n');
    expect(read[0]?.cells['displayName']).toBe('Erin\nExample');
    expect(read[1]?.line).toBe(4);
  });

  it('is NDJSON by its name, with a fault of its own for each line', async () => {
    const lines = ['{"userId":"erin","aliases":["e"]}', '', 'x', '[1]', '{"userID":"f","telephone":"1"}'];
    const read = await rows(lines.join('\n'), 'people.ndjson');
    expect(read.map(({ line, cells, fault }) => [line, cells['userId'], fault])).toEqual([
      [1, 'erin', undefined],
      [3, undefined, 'this line is not JSON'],
      [4, undefined, 'this line is no JSON object'],
      [5, 'f', expect.stringContaining('there is no column "telephone"')],
    ]);
  });

  it('keeps all that is known of a line of NDJSON with a column that is not', async () => {
    const line = '{"userId":"erin","telephone":"1","email":"e@example.com","fax":"2"}';
    const [row] = await rows(line, 'people.ndjson');
    expect(row?.cells).toEqual({ userId: 'erin', email: 'e@example.com' });
    for (const name of ['telephone', 'fax']) expect(row?.fault).toContain(`there is no column "${name}"`);
  });

  it.each([
    [
      'people.ndjson',
      10_000_000,
      (long: string) => `{"userId":"erin","displayName":"${long}"}\n{"userId":"frank"}`,
    ],
    ['people.csv', 1_000_000, (long: string) => `userId,displayName\nerin,"${long}"\nfrank,Frank\n`],
  ])('%s has %i characters in one field, and a row after it', async (name, length, content) => {
    const read = await rows(content('x'.repeat(length)), name);
    expect(read.map(({ cells, fault }) => [cells['userId'], fault])).toEqual([
      ['erin', undefined],
      ['frank', undefined],
    ]);
    expect(String(read[0]?.cells['displayName'])).toHaveLength(length);
  });

  it('has a row with more cells than columns told at its line', async () => {
    const [row] = await rows('userId,displayName\nerin,Example, Erin\n');
    expect(row).toMatchObject({ line: 2, fault: expect.stringContaining('it has 3 cells') });
  });
});

describe('a file that cannot be read says where and what then, before anything is sent', () => {
  it.each<[string, string | Buffer, string]>([
    [
      'bytes of another encoding',
      Buffer.from('userId,displayName\na,A\nm,M\xfcller\n', 'latin1'),
      'people.csv, line 3: its bytes are not utf-8; say --encoding windows-1252, or save the file as UTF-8',
    ],
    [
      'UTF-16',
      Buffer.from('\uFEFFuserId\n', 'utf16le'),
      'people.csv is UTF-16: say --encoding utf-16le, or save it as UTF-8',
    ],
    ['nothing', '', 'people.csv is empty: its first line names the columns'],
    ['no userId', 'email\ne@example.com\n', 'people.csv: the column userId is missing'],
    ['a column twice', 'userId,email,email\n', 'people.csv: the column email is there twice'],
    [
      'a quote that is not closed',
      'userId,displayName\nerin,"Erin\nfrank,Frank\n',
      'people.csv, line 2: a quote is opened that is never closed',
    ],
    [
      'a quote inside a cell',
      'userId,displayName\nerin,E"rin\n',
      'people.csv, line 2: a quote stands where none may',
    ],
  ])('%s', async (_, content, message) => {
    expect(await said(content)).toContain(message);
  });

  it('names every column that there is not, and the one that was meant', async () => {
    const message = await said('userId,emial,Telefon\n');
    expect(message).toMatch(/there is no column "emial"; use .*; did you mean email\?/);
    expect(message).toContain('there is no column "Telefon"');
  });

  it('a file that is not there, and JSON that is no list of lines', async () => {
    expect(() => readRows(join(folder, 'people.json'), 'utf-8')).toThrow('use .ndjson');
    await expect(readRows(join(folder, 'none.csv'), 'utf-8').next()).rejects.toThrow(
      'cannot be read: there is no such file',
    );
  });
});

describe('what a spreadsheet would run', () => {
  it.each(['=1+1', '@SUM(A1)', "'=1+1", '-2', '+x'])('%j is escaped, and comes back as it was', (text) => {
    expect(escaped(text)).toBe(`'${text}`);
    expect(unescaped(escaped(text))).toBe(text);
  });

  it.each(["O'Brien", "'tis", '+12025550123', 'a=b'])('%j stays', (text) => {
    expect(escaped(text)).toBe(text);
    expect(unescaped(text)).toBe(text);
  });
});
