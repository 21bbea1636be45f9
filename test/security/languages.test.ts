/** In which language people are asked and written to, and what of it a stranger can tell. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { enrolUser } from '../../shared/domain/enrolment/enrol-user.ts';
import { slotOf } from '../../shared/domain/identifiers/challenge-id.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import type { Language } from '../../shared/domain/text/language.ts';
import { challengeKeyOf } from '../../shared/domain/user-record/challenge.ts';
import { type Backend, backendOn } from '../support/person.ts';
import { startTable } from '../support/table.ts';

const table = await startTable();
afterAll(() => table.close());

let backend: Backend;
let names = 0;
beforeEach(() => {
  backend = { ...backendOn(table), defaultLocale: 'de' };
});

const client = 'web-login';

/** The languages of the prompt and of the message. */
async function languagesOf(userId: string, locale: Language | undefined) {
  const started = await startChallenge(
    { person: await backend.person(userId), client, purpose: 'sign-in', locale },
    backend,
  );
  if (started.kind !== 'challenge') throw new Error(started.kind);
  const record = await backend.users.read(await backend.keyOf(userId));
  const message =
    record?.challenges[challengeKeyOf(client, { purpose: 'sign-in', slot: slotOf({}) })]?.locale;
  return { prompt: started.view.locale, message };
}

async function enrolledIn(locale: string | undefined): Promise<string> {
  names += 1;
  const userId = `speaker-${names}`;
  await enrolUser({ userId, email: `${userId}@example.com`, ...(locale ? { locale } : {}) }, true, backend);
  return userId;
}

describe('message in a stranger’s language: it is in the person’s, else the client’s, else the deployment’s', () => {
  test.each([
    ['en-GB', 'ar', 'en'],
    ['fr_CA.UTF-8', undefined, 'fr'],
    ['pt-BR', 'es', 'es'],
    ['pt-BR', undefined, 'de'],
    [undefined, 'es', 'es'],
    [undefined, undefined, 'de'],
    ['C', undefined, 'de'],
  ] as const)('enrolled in %s, asked for in %s: %s', async (enrolled, asked, message) => {
    expect((await languagesOf(await enrolledIn(enrolled), asked)).message).toBe(message);
  });
});

describe('language oracle: a prompt', () => {
  test.each(['en', 'de', 'ar'] as const)(
    'is in the client’s %s for everybody, so that it does not tell who is enrolled',
    async (asked) => {
      for (const userId of [await enrolledIn('fr'), await enrolledIn(undefined), `nobody-${asked}`])
        expect((await languagesOf(userId, asked)).prompt).toBe(asked);
    },
  );

  test('is in the person’s where the client names none, as the threat model says', async () => {
    expect((await languagesOf(await enrolledIn('fr'), undefined)).prompt).toBe('fr');
    for (const userId of [await enrolledIn(undefined), await enrolledIn('it'), 'nobody-without'])
      expect((await languagesOf(userId, undefined)).prompt).toBe('de');
  });
});
