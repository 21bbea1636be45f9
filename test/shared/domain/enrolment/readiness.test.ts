/** Whom no code reaches today, and whom one method alone. */
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { type Contact, encryptContact } from '../../../../shared/domain/contact/contact.ts';
import { keyringOf } from '../../../../shared/domain/crypto/keyring.ts';
import { readReadiness } from '../../../../shared/domain/enrolment/readiness.ts';
import { defaultPolicy, type Policy } from '../../../../shared/domain/policy/policy.ts';
import type { UserStore } from '../../../../shared/domain/user-record/user-store.ts';

const keyring = keyringOf(new Map([[1, randomBytes(32)]]));
const now = Date.parse('2026-03-02T09:00:00Z');
const phone = { number: '+12025550123', country: 'US' };
const recovering: Policy = {
  ...defaultPolicy,
  forgotPhone: { enabled: true, method: 'otp-alternate-email', usersSelect: false },
};

/** A list of one person, whose record nobody may read. */
async function judged(contact: Omit<Contact, 'userId'>, policy = defaultPolicy, enabled = true) {
  const enrolment = {
    userId: 'erin',
    contact: encryptContact({ userId: 'erin', ...contact }, 'key', keyring),
    enabled,
  };
  const users = { list: async () => ({ users: [{ locator: 'key', enrolment }] }) } as unknown as UserStore;
  const page = await readReadiness(undefined, {
    users,
    keyring,
    policy,
    voice: false,
    clock: { now: () => now },
  });
  const [kind] = (['lockedOut', 'oneWay'] as const).filter((each) => (page?.[each].length ?? 0) > 0);
  return [kind, page?.[kind ?? 'oneWay'][0]?.missing.map(({ method, decided }) => `${method} ${decided.by}`)];
}

const abroad = { number: '+8613800000000', country: 'CN' };
const email = 'erin@example.com';
const alternateEmail = 'erin@alternate.example';

test.each<[string, Omit<Contact, 'userId'>, Policy, unknown]>([
  ['a number and an email', { phone, email }, defaultPolicy, [undefined, undefined]],
  ['no address', {}, defaultPolicy, ['lockedOut', ['SMS phone', 'Email email', 'Call voice']]],
  [
    'a number of a country that gets nothing',
    { phone: abroad },
    defaultPolicy,
    ['lockedOut', ['SMS policy.sends.countries', 'Email email', 'Call voice']],
  ],
  [
    'a landline without calls',
    { phone: { ...phone, landline: true } },
    defaultPolicy,
    ['lockedOut', ['SMS landline', 'Email email', 'Call voice']],
  ],
  ['an email alone', { email }, defaultPolicy, ['oneWay', ['SMS phone', 'Call voice']]],
  [
    'a new number',
    { phone, email, since: { phone: now } },
    defaultPolicy,
    ['oneWay', ['SMS policy.enrolment.holdHours', 'Call voice']],
  ],
  [
    'an alternate email alone',
    { alternateEmail },
    defaultPolicy,
    ['lockedOut', ['SMS phone', 'Email email', 'Call voice']],
  ],
  [
    'an alternate email that recovers',
    { alternateEmail },
    recovering,
    ['oneWay', ['SMS phone', 'Email email', 'Call voice']],
  ],
])('%s', async (_, contact, policy, expected) => {
  expect(await judged(contact, policy)).toEqual(expected);
});

test('who is disabled is not waited for', async () => {
  expect(await judged({}, defaultPolicy, false)).toEqual([undefined, undefined]);
});
