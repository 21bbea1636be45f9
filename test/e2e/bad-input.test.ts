/** Bad input over HTTP: each fault gets its problem, points at its field, is answered quickly, changes nothing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { borrowStack, type Stack, type StackAnswer } from '../stack.ts';
import { caller, codeSentTo, enrol, type Person, problemOf, put, userPath } from './people.ts';

let stack: Stack;
let api: ReturnType<typeof caller>;
let person: Person;
let challengeId: string;
let code: string;
let verifyPath: string;
beforeAll(async () => {
  stack = await borrowStack();
  api = caller(stack);
  person = await enrol(stack);
  const { body } = await api.start(person.userId, { method: 'SMS' });
  challengeId = body.challengeId;
  code = await codeSentTo(stack, person.phone);
  verifyPath = `/v1/otp-challenges/${challengeId}/verify`;
});
afterAll(async () => {
  await stack.stop();
});

const startPath = '/v1/otp-challenges';
const patience = 1_000; // milliseconds; what hangs or goes quadratic takes longer than that

/** Sends a body as it is and checks what every refusal has in common. */
async function refused(path: string, body: string, type = 'application/json', method = 'POST') {
  const token = await stack.token(method === 'PUT' ? 'admin' : 'credential-provider');
  const before = performance.now();
  const answer = await stack.request(method, path, { token, body, headers: { 'content-type': type } });
  expect(performance.now() - before).toBeLessThan(patience);
  expectProblem(answer);
  return problemOf(answer);
}

function expectProblem({ status, body, headers }: StackAnswer): void {
  expect(headers.get('content-type')).toBe('application/problem+json');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(body).toMatchObject({
    type: `urn:mfa-fallback:problem:${body.code}`,
    title: expect.stringMatching(/\S/),
    detail: expect.stringMatching(/\S/),
    status,
  });
  for (const { pointer, detail } of body.errors ?? []) {
    expect(pointer).toMatch(/^($|\/|[A-Z])/);
    expect(detail).toMatch(/\S/);
  }
}

const invalid = (...pointers: string[]) => ({ status: 400, code: 'invalid-request', pointers });

describe('type confusion, prototype pollution and huge body: a body', () => {
  test.each([
    ['that is not JSON', '{"code":', ['']],
    ['that is text', 'code=123456', ['']],
    ['with a comment', '{"code":"123456"} // mine', ['']],
    ['that is null', 'null', ['']],
    ['that is a list', '["123456"]', ['']],
    ['that is a string', '"123456"', ['']],
    ['that is a number', '123456', ['']],
    ['that is missing', '', ['/code']],
    ['without the code', '{}', ['/code']],
    ['with a number as code', '{"code":123456}', ['/code']],
    ['with null as code', '{"code":null}', ['/code']],
    ['with true as code', '{"code":true}', ['/code']],
    ['with a list as code', '{"code":["123456"]}', ['/code']],
    ['with an object as code', '{"code":{"$ne":""}}', ['/code']],
    ['with an unknown property', '{"code":"123456","admin":true}', ['/admin']],
    ['with two unknown properties', '{"code":"123456","a/b":1,"c~d":2}', ['/a~1b', '/c~0d']],
    ['with __proto__', '{"code":"123456","__proto__":{"verified":true}}', ['/__proto__']],
    ['with constructor', '{"code":"123456","constructor":{"prototype":{}}}', ['/constructor']],
    ['with prototype', '{"code":"123456","prototype":{}}', ['/prototype']],
    ['that inherits its code', '{"__proto__":{"code":"123456"}}', ['/code', '/__proto__']],
    ['with a byte order mark', '\uFEFF{"code":"123456"}', ['']],
  ])('%s is refused', async (_, body, pointers) => {
    const { pointers: found, ...problem } = await refused(verifyPath, body);
    expect(problem).toMatchObject({ status: 400, code: 'invalid-request' });
    expect(found.toSorted()).toEqual(pointers.toSorted());
  });

  test.each([
    ['of 1 MB', JSON.stringify({ code: '1'.repeat(1024 * 1024) })],
    ['of 16 KiB and a byte', JSON.stringify({ code: '1'.repeat(16_384 - 10) })],
    ['of 100,000 nested arrays', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['of 100,000 keys', `{${Array.from({ length: 100_000 }, (_, key) => `"k${key}":0`).join()}}`],
  ])('%s is too large', async (_, body) => {
    expect(await refused(verifyPath, body)).toMatchObject({ status: 413, code: 'payload-too-large' });
  });

  test('of as many nested arrays and keys as fit is invalid', async () => {
    const nested = `{"code":${'['.repeat(8_000)}${']'.repeat(8_000)}}`;
    expect(await refused(verifyPath, nested)).toMatchObject(invalid('/code'));
    const keys = `{"code":"123456",${Array.from({ length: 1_000 }, (_, key) => `"k${key}":0`).join()}}`;
    expect((await refused(verifyPath, keys)).pointers).toHaveLength(1_000);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'application/jsonp', 'x'])(
    'of type %s is unsupported',
    async (type) => {
      expect(await refused(verifyPath, '{"code":"123456"}', type)).toMatchObject({
        status: 415,
        code: 'unsupported-media-type',
      });
    },
  );

  test('of JSON in another spelling of its type is read', async () => {
    expect(await refused(verifyPath, '{}', 'Application/JSON; charset=utf-8')).toMatchObject(
      invalid('/code'),
    );
  });
});

describe('Unicode digits: a code', () => {
  test.each([
    ['of circled digits', '①②③④⑤⑥'],
    ['of superscript digits', '¹²³⁴⁵⁶'],
    ['of Roman numerals', 'ⅠⅡⅢⅣⅤⅥ'],
    ['of Chinese numerals', '一二三四五六'],
    ['of letters that look like digits', 'OlZE5G'],
    ['in hexadecimal', '0x1E240'],
    ['with a sign', '+123456'],
    ['with a NUL', '123456\u0000'],
    ['with an emoji', '12345🔥'],
    ['with half a character', '12345\ud800'],
    ['that is empty', ''],
    ['of spaces', '      '],
    ['of five digits', '12345'],
    ['of eleven digits', '12345678901'],
    ['of a page', '1'.repeat(10_000)],
    ['of a page of spaces', `123456${' '.repeat(10_000)}`],
  ])('%s is refused', async (_, typed) => {
    expect(await refused(verifyPath, JSON.stringify({ code: typed }))).toMatchObject(invalid('/code'));
  });
});

describe('a start', () => {
  test.each([
    ['without a user', {}, ['/userId']],
    ['of nobody', { userId: '' }, ['/userId']],
    ['of a number', { userId: 7 }, ['/userId']],
    ['of a name with a quotation mark', { userId: 'alice"smith' }, ['/userId']],
    ['of a name with a slash', { userId: 'CORP/alice' }, ['/userId']],
    ['of a name with a line break', { userId: 'alice\nbob' }, ['/userId']],
    ['of a name that nobody sees', { userId: '\u200B\u202E' }, ['/userId']],
    ['of half a character', { userId: '\ud83d' }, ['/userId']],
    ['of a name of 129 characters', { userId: 'a'.repeat(129) }, ['/userId']],
    ['of a name of 10,000 characters', { userId: 'a'.repeat(10_000) }, ['/userId']],
    ['by a method that does not exist', { userId: 'alice', method: 'Fax' }, ['/method']],
    ['by a method in another case', { userId: 'alice', method: 'sms' }, ['/method']],
    ['by no method', { userId: 'alice', method: null }, ['/method']],
    ['in a language that is none', { userId: 'alice', locale: 'deutsch, bitte' }, ['/locale']],
    ['in a language of a page', { userId: 'alice', locale: 'de-'.repeat(1_000) }, ['/locale']],
    ['in an empty language', { userId: 'alice', locale: '' }, ['/locale']],
    ['at a device without a name', { userId: 'alice', device: '' }, ['/device']],
    ['at a device with 65 characters', { userId: 'alice', device: 'x'.repeat(65) }, ['/device']],
    ['at a device that is a list', { userId: 'alice', device: ['PC'] }, ['/device']],
    ['for another purpose', { userId: 'alice', purpose: 'recovery' }, ['/purpose']],
    [
      'with everything wrong',
      { method: 1, locale: 2, device: 3, x: 4 },
      ['/device', '/locale', '/method', '/userId', '/x'],
    ],
  ])('%s is refused', async (_, body, pointers) => {
    const { pointers: found, ...problem } = await refused(startPath, JSON.stringify(body));
    expect(problem).toMatchObject({ status: 400, code: 'invalid-request' });
    expect(found.toSorted()).toEqual(pointers);
  });

  test.each([
    ['of a domain user', { userId: 'CORP\\j.müller' }],
    ['of a name in Cyrillic', { userId: 'иван.петров' }],
    ['of a name in Japanese', { userId: '山田太郎' }],
    ['of a name in Arabic digits', { userId: 'user-٤٢' }],
    ['of a principal name', { userId: 'a.b+c@corp.example.com' }],
    ['of __proto__', { userId: '__proto__' }],
    ['of constructor', { userId: 'constructor' }],
    ['of a name of 128 characters', { userId: 'ä'.repeat(128) }],
    ['in a language that is not spoken here', { userId: 'nobody-1', locale: 'tlh' }],
    ['in a language with everything', { userId: 'nobody-2', locale: 'zh_Hant-TW' }],
    ['at a device with 64 characters', { userId: 'nobody-3', device: '<b>PC\u202E'.padEnd(64, 'x') }],
  ])('%s is answered like any other', async (_, body) => {
    const answer = await api.call('POST', startPath, body);
    expect(answer.status).toBe(201);
    expect(answer.body.prompt.length).toBeGreaterThan(10);
  });

  test('does not tell names apart by their case', async () => {
    const first = await api.start('CORP\\Zoë', { method: 'SMS' });
    expect((await api.start('corp\\zoË', { method: 'SMS' })).body.challengeId).toBe(first.body.challengeId);
  });
});

describe('an Idempotency-Key', () => {
  test.each([
    ['that is empty', ''],
    ['with a space', 'one two'],
    ['of 256 characters', 'k'.repeat(256)],
    ['with a character beyond ASCII', 'sch\u00fcssel'],
  ])('%s is refused', async (_, key) => {
    const answer = await api.verify(challengeId, '123456', { key });
    expectProblem(answer);
    expect(problemOf(answer)).toMatchObject(invalid('Idempotency-Key'));
  });
});

describe('a path', () => {
  test.each([
    ['with a challenge id that is none', '/v1/otp-challenges/none/verify', 410],
    ['with a challenge id of a page', `/v1/otp-challenges/${'A'.repeat(4_000)}/verify`, 410],
    ['with a challenge id of a dot', '/v1/otp-challenges/%2e%2e%2f/verify', 410],
    ['with a challenge id of __proto__', '/v1/otp-challenges/__proto__/verify', 410],
    ['with a NUL', '/v1/otp-challenges/%00/verify', 410],
    ['that cannot be decoded', '/v1/otp-challenges/%E0%A4%A/verify', 400],
    ['that nobody declared', '/v1/otp-challenges/x/y/z', 404],
  ])('%s gets its problem', async (_, path, status) => {
    expect((await refused(path, '{"code":"123456"}')).status).toBe(status);
  });

  test.each([
    ['with a tag', 'alice<b>'],
    ['with a slash', 'CORP/alice'],
    ['of 129 characters', 'a'.repeat(129)],
    ['of 4,000 characters', 'a'.repeat(4_000)],
  ])('with a name %s is refused', async (_, userId) => {
    expect(await refused(userPath(userId), '{}', 'application/json', 'PUT')).toMatchObject(
      invalid('/path/userId'),
    );
  });
});

describe('an enrolment', () => {
  test.each([
    ['a phone that is a number', { phone: 12025550147 }, '/phone'],
    ['an email without a domain', { email: 'somebody' }, '/email'],
    ['an email of two', { email: 'a@example.com, b@example.com' }, '/email'],
    ['an email with a header in it', { email: 'a@example.com\r\nBcc: b@example.com' }, '/email'],
    ['an email of a page', { email: `${'a'.repeat(5_000)}@example.com` }, '/email'],
    ['an alternate email that is none', { alternateEmail: '@' }, '/alternateEmail'],
    ['a display name of 129 characters', { displayName: 'x'.repeat(129) }, '/displayName'],
    ['a state that is a word', { enabled: 'yes' }, '/enabled'],
    ['an unknown property', { password: 'hunter2' }, '/password'],
    ['__proto__', JSON.parse('{"__proto__":{"enabled":true}}'), '/__proto__'],
  ])('with %s is refused and enrols nobody', async (_, contact, pointer) => {
    const answer = await put(stack, 'never-enrolled', contact);
    expectProblem(answer);
    expect(problemOf(answer)).toMatchObject(invalid(pointer));
    const read = await api.call('GET', userPath('never-enrolled'), undefined, { client: 'admin' });
    expect(read.status).toBe(404);
  });
});

test('a problem repeats nothing that was sent', async () => {
  const secrets = ['971305', 'planted-secret', 'planted@example.org', '+15005550006'];
  const [digits, word, address, number] = secrets;
  const answers = [
    await api.verify(challengeId, `${digits}!`),
    await api.call('POST', verifyPath, { code: digits, note: word }),
    await api.call('POST', verifyPath, { code: { digits } }),
    await api.call('POST', startPath, { userId: `${word} ${address}`, locale: word, device: [number] }),
    await put(stack, 'planted', { phone: number, email: `${address} `, displayName: [word] }),
    await api.verify(challengeId, digits, { key: `${word} ${digits}` }),
  ];
  for (const answer of answers) {
    expect(answer.status).toBe(400);
    for (const secret of secrets) expect(answer.text.includes(secret)).toBe(false);
  }
});

test('after all of this the challenge has every attempt left and takes its code, however it is typed', async () => {
  expect((await api.status(challengeId)).body).toMatchObject({ status: 'pending', attemptsRemaining: 5 });
  const spaced = ` ${code.slice(0, 3)}\u00a0-\u2013.${code.slice(3)}\t`;
  const other = await enrol(stack);
  const started = await api.start(other.userId, { method: 'SMS' });
  const fullWidth = Array.from(await codeSentTo(stack, other.phone), (digit) =>
    String.fromCodePoint(0xff10 + Number(digit)),
  ).join('');
  expect((await api.verify(challengeId, spaced)).status).toBe(200);
  expect((await api.verify(started.body.challengeId, fullWidth)).status).toBe(200);
});
