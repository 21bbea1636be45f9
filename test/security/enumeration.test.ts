/** Names that exist and names that do not are answered alike. */
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { readChallenge } from '../../shared/domain/challenge/read-challenge.ts';
import { enrolUser } from '../../shared/domain/enrolment/enrol-user.ts';
import { askQuestions } from '../../shared/domain/kba/ask-questions.ts';
import { enrolQuestion } from '../../shared/domain/kba/enrolled-questions.ts';
import { findPerson } from '../../shared/domain/names/person.ts';
import { resendCode } from '../../shared/domain/otp/resend-code.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import { verifyCode } from '../../shared/domain/otp/verify-code.ts';
import { offersFor } from '../../shared/domain/sign-in-session/offers.ts';
import type { Return } from '../../shared/domain/sign-in-session/session.ts';
import { userKey } from '../../shared/store/table.ts';
import { type Backend, backendOn, enrolSomebody } from '../support/person.ts';
import { startTable } from '../support/table.ts';

const table = await startTable();
afterAll(() => table.close());

let backend: Backend;
beforeEach(() => {
  backend = backendOn(table);
});

const client = 'web-login';

/** Everything a client can see of a name in one go, ids and digits of masks blotted out. */
async function appearance(userId: string) {
  const seen: unknown[] = [];
  const started = await startChallenge(
    { person: await backend.person(userId), client, purpose: 'sign-in', method: 'SMS' },
    backend,
  );
  seen.push(started);
  if (started.kind !== 'challenge') return seen;
  const { challengeId } = started.view;
  seen.push(await readChallenge(challengeId, client, backend));
  seen.push(await resendCode({ challengeId, client }, backend));
  for (let attempt = 1; attempt <= 6; attempt += 1) {
    seen.push(
      await verifyCode({ challengeId, client, code: '000000', request: `${userId}-${attempt}` }, backend),
    );
  }
  seen.push(await readChallenge(challengeId, client, backend));
  return JSON.parse(
    JSON.stringify(seen, (key, value) => {
      if (key === 'challengeId') return 'id';
      if (key === 'destination') return String(value).replace(/\d+$/, '··');
      // Methods differ between people; decoys have the sets that people have.
      return key === 'methods' ? 'methods' : value;
    }),
  );
}

test('status and body oracle: an unknown, a disabled and an unenrolled name look like an enrolled one', async () => {
  const enrolled = await appearance(await enrolSomebody(backend));
  const disabled = await enrolSomebody(backend);
  await enrolUser({ userId: disabled, phone: { number: '+12025557777', country: 'US' } }, false, backend);
  const byEmailOnly = await enrolSomebody(backend);
  await enrolUser({ userId: byEmailOnly, email: 'somebody@example.com' }, true, backend);
  const empty = await enrolSomebody(backend);
  await enrolUser({ userId: empty }, true, backend);
  const unknown = `nobody-${backend.clock.now()}`;
  for (const userId of [unknown, disabled, byEmailOnly, empty])
    expect(await appearance(userId)).toEqual(enrolled);
});

test('the right code of a decoy does not exist', async () => {
  const userId = 'nobody-at-all';
  const started = await startChallenge(
    { person: await backend.person(userId), client, purpose: 'sign-in' },
    backend,
  );
  if (started.kind !== 'challenge') throw new Error(started.kind);
  const { challengeId } = started.view;
  const code = await backend.codeOf(userId, client);
  expect((await verifyCode({ challengeId, client, code, request: 'lucky' }, backend)).kind).toBe(
    'code-rejected',
  );
});

describe('a decoy', () => {
  test('has the same methods and masks every time, and a colleague other ones', async () => {
    const seen = new Set<string>();
    for (const round of [1, 2, 3]) {
      backend.advance(86_400 * round);
      const started = await startChallenge(
        { person: await backend.person('the-same-nobody'), client, purpose: 'sign-in' },
        backend,
      );
      if (started.kind !== 'challenge') throw new Error(started.kind);
      const { methods, destination, method } = started.view;
      seen.add(JSON.stringify({ methods, destination, method }));
    }
    expect(seen.size).toBe(1);
  });

  test('keeps its mask through a resend', async () => {
    const started = await startChallenge(
      { person: await backend.person('yet-another-nobody'), client, purpose: 'sign-in', method: 'Email' },
      backend,
    );
    if (started.kind !== 'challenge') throw new Error(started.kind);
    expect(started.view.destination).toBe('y•••@example.com');
    backend.advance(30);
    const resent = await resendCode({ challengeId: started.view.challengeId, client }, backend);
    expect(resent).toMatchObject({ kind: 'challenge', view: { destination: 'y•••@example.com' } });
  });
});

test('used up sign-in codes leave those of recovery alone, for names that exist and that do not', async () => {
  const known = await enrolSomebody(backend);
  const contact = { email: `${known}@example.com`, alternateEmail: `${known}@alternate.example` };
  await enrolUser({ userId: known, ...contact }, true, backend);
  for (const userId of [known, `nobody-${known}`]) {
    for (let turn = 0; turn < 5; turn += 1) {
      const started = await startChallenge(
        { person: await backend.person(userId), client: `c-${turn}`, purpose: 'sign-in', method: 'Email' },
        backend,
      );
      expect(started.kind).toBe('challenge');
    }
    const spent = await startChallenge(
      { person: await backend.person(userId), client, purpose: 'sign-in', method: 'Email' },
      backend,
    );
    expect(spent.kind).toBe('rate-limited');
    const recovering = await startChallenge(
      { person: await backend.person(userId), client, purpose: 'recovery', recovery: 'r' },
      backend,
    );
    expect(recovering.kind).toBe('challenge');
  }
});

test('the record of a name that does not exist is about as large as a person’s', async () => {
  const known = await enrolSomebody(backend);
  const bytes: number[] = [];
  for (const userId of [known, known.replace('person', 'nobody')]) {
    await startChallenge(
      { person: await backend.person(userId), client, purpose: 'sign-in', method: 'SMS' },
      backend,
    );
    const { Item } = await table.client.send(
      new GetItemCommand({ TableName: table.name, Key: userKey(await backend.keyOf(userId)) }),
    );
    bytes.push(
      JSON.stringify(Item, (_, value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
      ).length,
    );
  }
  const [ofKnown = 0, ofNobody = 0] = bytes;
  expect(ofNobody / ofKnown).toBeGreaterThan(0.9);
  expect(ofNobody / ofKnown).toBeLessThan(1.1);
});

describe('enumeration by the forms of a name', () => {
  const sets = [
    { methods: ['SMS', 'Email', 'Call'], weight: 1 },
    { methods: ['Email'], weight: 1 },
  ] as const;

  /** What the first answers show of a name, methods and questions included. */
  async function look(name: string): Promise<string> {
    const person = await backend.person(name);
    const started = await startChallenge({ person, client, purpose: 'sign-in' }, backend);
    const asked = await askQuestions({ person, client, purpose: 'sign-in' }, backend);
    if (started.kind !== 'challenge' || asked.kind !== 'questions') throw new Error(started.kind);
    const { method, methods, destination, locale } = started.view;
    const origin = {
      kind: 'redirect',
      clientId: client,
      redirectUri: 'https://x.example/',
      codeChallenge: 'c',
    };
    const now = backend.clock.now();
    const page = offersFor(name, person.record, origin as Return, backend.keyring, backend, now).methods;
    expect(page.find((offer) => offer.method === method)?.destination).toBe(destination);
    const questions = asked.questions.map(({ questionId }) => questionId).sort();
    return JSON.stringify([method, methods, destination.replace(/\d/g, '·'), locale, questions]);
  }

  async function enrol(name: string, place: number, phone: boolean): Promise<void> {
    const questions = await Promise.all(
      backend.questionIds.current.map((questionId) =>
        enrolQuestion({ questionId, answer: `answer to ${questionId}` }, backend.keyring),
      ),
    );
    const own = phone ? { phone: { number: `+1202555900${place}`, country: 'US' } } : {};
    const contact = { userId: name, email: `${name}@corp.example`, ...own };
    await enrolUser(contact, true, backend, questions);
  }

  const forms = (name: string) => [
    ...[name, `CORP\\${name}`, `${name}@corp.example`],
    ...[name.toUpperCase(), `corp\\${name.toUpperCase()}`, `${name}@CORP.example`],
  ];

  beforeEach(() => {
    backend = {
      ...backend,
      sameNames: ['CORP\\', '@corp.example'],
      decoyEmailDomain: 'corp.example',
      questionIds: { current: ['first-teacher', 'first-car', 'first-film'], retired: [] },
    };
    backend.person = (name) => findPerson(name, backend);
  });

  test('enumeration by the forms of a name: where all are enrolled alike, no form of nobody’s tells', async () => {
    await enrol('erin', 1, true);
    const person = await look('erin');
    for (const form of forms('erik')) expect([form, await look(form)]).toEqual([form, person]);
  });

  test('where some have an email alone, some names of nobody look as they do', async () => {
    backend = { ...backend, decoys: sets };
    await enrol('edna', 2, true);
    await enrol('elia', 3, false);
    const people = [await look('edna'), await look('elia')];
    const looks: string[] = [];
    // A name looks like either by the toss of a coin: all twenty alike are one run in half a million.
    for (let place = 0; place < 20; place += 1)
      looks.push(await look(forms(`e${place}`)[place % 6] as string));
    expect(new Set(looks)).toEqual(new Set(people));
  });
});
