/** What the terminal adds to a logon that nothing, or something else, answered. */
import { expect, test } from 'vitest';
import { watched } from '../../../../infra/cli/sign-in/watched.ts';

const url = 'https://api.example.com/windows/secret-key/validate/check';

async function said(answer: () => Promise<Response>): Promise<string[]> {
  const lines: string[] = [];
  const send = watched(answer as typeof fetch, (line) => lines.push(line));
  const text = await send(url).then(
    (got) => got.text(),
    () => '',
  );
  expect(text).toBe(
    await answer().then(
      (got) => got.text(),
      () => '',
    ),
  );
  return lines;
}

test('nothing where the door answered, whatever it said', async () => {
  for (const body of ['{"result":{"status":true}}', '{"result":{"status":false},"detail":null}'])
    expect(await said(async () => new Response(body, { status: 503 }))).toEqual([]);
});

test.each(['', '{"message":"Not Found"}', '<html>', 'null', '7'])(
  'that %j came, which is somebody else’s',
  async (body) => {
    const [line, ...more] = await said(async () => new Response(body, { status: 404 }));
    expect(line).toMatch(/^https:\/\/api\.example\.com answered 404, but not as this door does/);
    expect(line).not.toContain('secret-key');
    expect(more).toEqual([]);
  },
);

test('that nothing came, and why', async () => {
  const refused = new TypeError('fetch failed', {
    cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }),
  });
  const lines = await said(() => Promise.reject(refused));
  expect(lines).toEqual([
    'https://api.example.com does not answer (ECONNREFUSED): is the host right, and is it up?',
  ]);
});
