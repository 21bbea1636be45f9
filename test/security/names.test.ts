/** Names that look alike, fold alike or are written to be read as something else. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { generateCodes } from '../../shared/domain/backup-codes/generate-codes.ts';
import { enrolUser } from '../../shared/domain/enrolment/enrol-user.ts';
import { readUser } from '../../shared/domain/enrolment/read-users.ts';
import { foldUserId, isUserId, readUserId } from '../../shared/domain/identifiers/user-id.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import { verifyCode } from '../../shared/domain/otp/verify-code.ts';
import { defaultPolicy } from '../../shared/domain/policy/policy.ts';
import { type Backend, backendOn, trusting } from '../support/person.ts';
import { startTable } from '../support/table.ts';

const table = await startTable();
afterAll(() => table.close());

const client = 'web-login';
let backend: Backend;
beforeEach(() => {
  backend = backendOn(table, { ...defaultPolicy, securityCodes: 'both', ...trusting });
});

/** Each pair is two people. */
const lookAlikes: readonly (readonly [what: string, one: string, other: string])[] = [
  ['a Cyrillic a', 'anna', '\u0430nn\u0430'],
  ['a Greek o', 'bob', 'b\u03bfb'],
  ['a dotless i', 'iris', '\u0131r\u0131s'],
  ['a dotted capital I', 'iris', '\u0130ris'],
  ['digits of another script', 'user42', 'user\u0664\u0662'],
  ['an accent', 'jose', 'jos\u00e9'],
  ['a domain in front', 'anna', 'CORP\\anna'],
  ['a domain behind', 'anna', 'anna@corp.example.com'],
];

describe('homograph and case folding collision', () => {
  test.each(lookAlikes)('names that differ by %s are two people', async (_, one, other) => {
    expect(isUserId(one) && isUserId(other)).toBe(true);
    expect(await backend.keyOf(one)).not.toBe(await backend.keyOf(other));
  });

  test('a code for one is no code for the other', async () => {
    const one = { userId: 'mira', email: 'mira@example.com' };
    await enrolUser(one, true, backend);
    await enrolUser({ userId: 'm\u0456ra', email: 'impostor@example.com' }, true, backend);
    const start = async (userId: string) => {
      const outcome = await startChallenge(
        { person: await backend.person(userId), client, purpose: 'sign-in' },
        backend,
      );
      if (outcome.kind !== 'challenge') throw new Error(outcome.kind);
      return outcome.view.challengeId;
    };
    const [id] = [await start(one.userId), await start('m\u0456ra')];
    const code = await backend.codeOf('m\u0456ra', client);
    const own = await backend.codeOf(one.userId, client);
    const kinds = [];
    for (const [request, typed] of [
      ['theirs', code],
      ['own', own],
    ] as const) {
      kinds.push((await verifyCode({ challengeId: id, client, code: typed, request }, backend)).kind);
    }
    expect(kinds).toEqual(['code-rejected', 'verified']);
    expect((await readUser('MIRA', backend))?.contact.email === one.email).toBe(true);
  });

  test.each([
    ['case', 'Anna.Öz', 'aNNA.öZ'],
    ['composition', 'Anna.\u00d6z', 'anna.o\u0308z'],
    ['the Kelvin sign', 'Kim', '\u212aim'],
    ['a sharp s', 'strasse', 'Stra\u00dfe'],
    ['a long s', 'susan', '\u017fusan'],
    ['a ligature', 'fiona', '\ufb01ona'],
    ['full width', 'anna', '\uff41\uff4e\uff4e\uff41'],
    ['a final sigma', 'costa\u03c3', 'COSTA\u03c2'],
    ['a joiner', 'anna', 'an\u200dna'],
    ['a turned direction', 'annapng', 'anna\u202epng'],
    ['a byte order mark', 'anna', '\ufeffanna'],
    ['spaces', 'Anna Maria', ' anna  maria'],
  ])('names that differ by %s alone are one, and one operator', async (what, userId, operator) => {
    const name = `${userId}.${what.length}`;
    const same = `${operator}.${what.length}`;
    await enrolUser({ userId: name, email: 'anna@example.com' }, true, backend);
    const asked = {
      person: await backend.person(name),
      kind: 'static',
      client: 'helpdesk',
      operator: same,
      reason: 'lost the phone',
      request: what,
    } as const;
    expect((await generateCodes(asked, backend)).kind).toBe('own-account');
  });
});

describe('name that is an instruction', () => {
  test.each([
    ['a path', '../../etc/passwd'],
    ['a slash', 'CORP/anna'],
    ['a line break', 'anna\r\n{"event":"code-verified"}'],
    ['a zero', 'anna\u0000bob'],
    ['a tag', '<b>anna</b>'],
    ['a full-width slash', 'CORP\uff0fanna'],
    ['a quotation mark', 'anna"'],
    ['half a surrogate', 'anna\ud800'],
    ['a character that was lost', 'jos\ufffd'],
    ['nothing that is seen', '\u200b\u200d'],
    ['129 characters', 'a'.repeat(129)],
  ])('with %s is no name', (_, name) => {
    expect(isUserId(name)).toBe(false);
  });

  test.each([
    "o'brien@example.com",
    'John Smith',
    'eve_fabrikam.com#EXT#@contoso.onmicrosoft.com',
    'auth0|5f7c8e',
    'CORP\\müller$',
    'entra:6f1c:2b7e',
    '{{code}}',
    "anna' OR 1=1",
    'CORP%2Fanna',
    'user#anna',
    'مي\u200cخواهم',
    'anne\u2011marie',
    'Gal·la',
    'D’Arcy',
  ])('of a real directory is a name like any other: %s', (name) => {
    expect(readUserId(name)).toBe(name);
  });

  test('has any character of ASCII but four that are part of a path or of markup', () => {
    const visible = Array.from({ length: 94 }, (_, place) => String.fromCharCode(0x21 + place));
    expect(visible.filter((character) => !isUserId(`a${character}b`))).toEqual(['"', '/', '<', '>']);
    expect(isUserId('a b')).toBe(true);
  });

  test.each(['anna ', ' anna', 'anna\t', 'anna\r\n', '\u00a0anna\u3000', '\ufeffanna'])(
    'is the same with what copying and keyboards add around it: %j',
    (name) => {
      expect(readUserId(name)).toBe('anna');
      expect(foldUserId(name)).toBe('anna');
    },
  );

  test.each(['an\tna', 'anna\n.', 'anna\t\u200d', 'anna\n\u200e'])(
    'has no other white space than single spaces inside: %j is none',
    (name) => {
      expect(isUserId(name)).toBe(false);
    },
  );

  test('of an object’s own parts is a name like any other', async () => {
    for (const userId of ['__proto__', 'constructor', 'toString']) {
      await enrolUser({ userId, email: 'somebody@example.com' }, true, backend);
      expect((await readUser(userId, backend))?.contact.userId).toBe(userId);
    }
    expect(Object.keys({})).toEqual([]);
    expect(({} as Record<string, unknown>)['email']).toBeUndefined();
  });
});
