/** New addresses on hold: which, from when, and until when. */
import { expect, test } from 'vitest';
import type { Contact } from '../../../../shared/domain/contact/contact.ts';
import { holdsOf, sinceAfter, withoutHeld } from '../../../../shared/domain/contact/hold.ts';
import { defaultPolicy, type Policy } from '../../../../shared/domain/policy/policy.ts';

const hour = 3_600_000;
const day = 24 * hour;
const now = Date.parse('2026-03-02T09:00:00Z');
const policy: Policy = { ...defaultPolicy, enrolment: { ...defaultPolicy.enrolment, holdHours: 48 } };
const erin: Contact = {
  userId: 'erin',
  phone: { number: '+12025550123', country: 'US' },
  email: 'erin@example.com',
  alternateEmail: 'erin@alternate.example',
};
const changed = (since: Contact['since'], more: Partial<Contact> = {}): Contact => ({
  ...erin,
  ...more,
  since,
});

test('what was enrolled together is of one age, and nothing of it is on hold', () => {
  expect(sinceAfter(undefined, erin, [], now)).toBeUndefined();
  expect(holdsOf(erin, policy, now)).toEqual({});
});

test('an address that was changed is on hold for the hours of policy, while an older one is there', () => {
  const since = sinceAfter(erin, erin, ['phone'], now);
  expect(holdsOf(changed(since), policy, now)).toEqual({ phone: now + 48 * hour });
  expect(holdsOf(changed(since), policy, now + 48 * hour - 1)).toEqual({ phone: now + 48 * hour });
  expect(holdsOf(changed(since), policy, now + 48 * hour)).toEqual({});
  expect(withoutHeld(changed(since), policy, now)).toEqual({ ...erin, since, phone: undefined });
});

test('the second of two changes waits for the first one too, and the oldest address never waits', () => {
  const first = sinceAfter(erin, erin, ['email'], now);
  const second = sinceAfter(changed(first), erin, ['phone'], now + hour);
  const { phone, email } = erin;
  const both: Contact = { userId: 'erin', phone, email, since: second };
  expect(holdsOf(both, policy, now + hour)).toEqual({ phone: now + 49 * hour });
});

test.each<[string, Contact, Policy]>([
  ['the only address', { userId: 'erin', email: 'new@example.com', since: { email: now } }, policy],
  ['all, changed at once', changed({ phone: now, email: now, alternateEmail: now }), policy],
  [
    'what is new beside a number of a country that gets nothing',
    {
      userId: 'erin',
      phone: { number: '+8613800000000', country: 'CN' },
      email: 'new@example.com',
      since: { email: now },
    },
    policy,
  ],
  [
    'anything, where policy has no hold',
    changed({ phone: now }),
    { ...policy, enrolment: { defaultCountry: 'none', holdHours: 0 } },
  ],
])('%s is not on hold', (_, contact, given) => {
  expect(holdsOf(contact, given, now)).toEqual({});
});

test('a stop puts on hold once more what was changed in the seven days before it, and nothing older or newer', () => {
  const stoppedAt = now + 6 * day;
  const stopped = (since: number) => changed({ phone: since }, { stoppedAt });
  expect(holdsOf(stopped(now), policy, stoppedAt)).toEqual({ phone: stoppedAt + 48 * hour });
  expect(holdsOf(stopped(stoppedAt - 7 * day), policy, stoppedAt)).toEqual({});
  expect(holdsOf(stopped(stoppedAt + hour), policy, stoppedAt + hour)).toEqual({
    phone: stoppedAt + 49 * hour,
  });
});

test('an address that is gone leaves no time behind', () => {
  const { phone: _, ...without } = erin;
  expect(sinceAfter(changed({ phone: now }), without, ['phone'], now)).toBeUndefined();
});
