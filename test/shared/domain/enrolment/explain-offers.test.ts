/** The explanation of what a person is offered: what decides, and that it agrees with what really happens. */
import { randomBytes } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import type { Contact } from '../../../../shared/domain/contact/contact.ts';
import { encryptContact } from '../../../../shared/domain/contact/contact.ts';
import { keyringOf } from '../../../../shared/domain/crypto/keyring.ts';
import { enrolUser } from '../../../../shared/domain/enrolment/enrol-user.ts';
import {
  type Closed,
  type Explanation,
  explainOffers,
} from '../../../../shared/domain/enrolment/explain-offers.ts';
import { startCallerVerification } from '../../../../shared/domain/help-desk/start-caller-verification.ts';
import { startChallenge } from '../../../../shared/domain/otp/start-challenge.ts';
import { defaultPolicy, methods, type Policy } from '../../../../shared/domain/policy/policy.ts';
import { blankRecord, type UserRecord } from '../../../../shared/domain/user-record/user-record.ts';
import { backendOn } from '../../../support/person.ts';
import { startTable } from '../../../support/table.ts';
import { workerOn } from '../../../support/worker.ts';

const keyring = keyringOf(new Map([[1, randomBytes(32)]]));
const now = Date.parse('2026-03-02T09:00:00Z');
const open: Policy = {
  ...defaultPolicy,
  securityCodes: 'both',
  forgotPhone: { enabled: true, method: 'otp-alternate-email', usersSelect: true },
};
const erin: Contact = {
  userId: 'erin',
  phone: { number: '+12025550123', country: 'US' },
  email: 'erin@example.com',
  alternateEmail: 'erin@alternate.example',
};

interface Given {
  readonly contact?: Contact;
  readonly enabled?: boolean;
  readonly record?: Partial<UserRecord>;
  readonly policy?: Policy;
  readonly voice?: boolean;
  readonly closed?: Closed;
}

function explained({
  contact = erin,
  enabled = true,
  record,
  policy = open,
  voice = true,
  closed = {},
}: Given) {
  const locator = 'a-person';
  const enrolment = { userId: contact.userId, contact: encryptContact(contact, locator, keyring), enabled };
  const found = { ...blankRecord(locator), enrolment, ...record };
  return explainOffers(found, enrolment, closed, now, { policy, keyring, voice });
}

const offered = ({ methods: all }: Explanation) =>
  all.filter(({ decided }) => decided === undefined).map(({ method }) => method);
const deciding = ({ methods: all, recoveryPaths, backupCodes }: Explanation) =>
  Object.fromEntries([
    ...all.map(({ method, decided }) => [method, decided?.by]),
    ...recoveryPaths.map(({ path, decided }) => [path, decided?.by]),
    ...backupCodes.map(({ kind, decided }) => [kind, decided?.by]),
  ]);

test('who has everything is offered every method, with masked destinations', () => {
  const explanation = explained({});
  expect(offered(explanation)).toEqual(['SMS', 'Email', 'Call']);
  expect(explanation.methods.map(({ destination }) => destination)).toEqual([
    '•••• ••23',
    'e•••@example.com',
    '•••• ••23',
  ]);
  expect(explanation.callerVerification.destination).toBe('e•••@alternate.example');
  expect(explanation.acts.map(({ act, callers, approvals }) => [act, callers, approvals])).toEqual([
    ['backup-codes', 1, 0],
    ['unlock', 1, 0],
  ]);
});

const landline = { number: '+12025550123', country: 'US', landline: true } as const;
const lockedOut = { consecutiveFailures: 100, failuresByAuthenticator: { SMS: 100 } };

test.each<[string, Given, Record<string, string | undefined>]>([
  [
    'policy’s mode',
    { policy: { ...open, mode: 'DirectFidoAuth' } },
    { SMS: 'policy.mode', kba: 'policy.mode', static: 'policy.mode' },
  ],
  [
    'policy’s method',
    { policy: { ...open, mfaMethod: 'Email' } },
    { SMS: 'policy.mfaMethod', Email: undefined },
  ],
  ['the stage without calls', { voice: false }, { Call: 'voice', SMS: undefined }],
  [
    'policy’s countries',
    { policy: { ...open, sends: { ...open.sends, countries: ['DE'] } } },
    { SMS: 'policy.sends.countries', Call: 'policy.sends.countries' },
  ],
  ['a landline', { contact: { ...erin, phone: landline } }, { SMS: 'landline', Call: undefined }],
  [
    'no number',
    { contact: { ...erin, phone: undefined } },
    { SMS: 'phone', Call: 'phone', Email: undefined },
  ],
  [
    'no address',
    { contact: { userId: 'erin' } },
    { Email: 'email', 'otp-alternate-email': 'alternateEmail' },
  ],
  [
    'a hold',
    { contact: { ...erin, since: { phone: now - 1 } } },
    { SMS: 'policy.enrolment.holdHours', Email: undefined },
  ],
  ['the person being disabled', { enabled: false }, { SMS: 'enabled', 'otp-alternate-email': 'enabled' }],
  ['the stop', { record: lockedOut }, { SMS: 'stop', 'otp-alternate-email': 'stop' }],
  ['a wait', { record: { failedAttempts: Array(10).fill(now - 1) } }, { SMS: 'wait', Email: 'wait' }],
  [
    'the day’s messages',
    { record: { sent: Array(30).fill({ at: now - 1, door: 'web', to: '' }) } },
    { SMS: 'policy.sends.perUserPerDay' },
  ],
  ['a weaker path than policy’s', {}, { kba: 'policy.forgotPhone.method' }],
  [
    'a path that nobody may choose',
    { policy: { ...open, forgotPhone: { ...open.forgotPhone, usersSelect: false } } },
    { 'kba+otp-alternate-email': 'policy.forgotPhone.usersSelect' },
  ],
  [
    'policy without recoveries',
    { policy: { ...open, forgotPhone: { ...open.forgotPhone, enabled: false } } },
    { kba: 'policy.forgotPhone.enabled' },
  ],
  [
    'too few questions',
    {},
    { 'kba+otp-alternate-email': 'policy.kba.questions', 'otp-alternate-email': undefined },
  ],
  [
    'policy without codes',
    { policy: { ...open, securityCodes: 'none' } },
    { static: 'policy.securityCodes', 'backup-code': 'policy.securityCodes' },
  ],
  ['no code that works', {}, { static: 'backupCodes', 'backup-code': 'backupCodes' }],
  [
    'a restriction',
    { closed: { recoveries: {} } },
    { 'otp-alternate-email': 'restrictions.recoveries', SMS: undefined },
  ],
])('%s is what decides', (_, given, expected) => {
  expect(deciding(explained(given))).toMatchObject(expected);
});

test('a hold and a wait tell when they end', () => {
  const { methods: all } = explained({ contact: { ...erin, since: { phone: now } } });
  expect(all[0]?.decided).toEqual({ by: 'policy.enrolment.holdHours', until: now + 48 * 3_600_000 });
});

test('a protected person is out of the help desk’s reach, unless policy asks a second operator', () => {
  const contact = { ...erin, protected: true };
  const [codes, unlock] = explained({ contact }).acts;
  expect([codes?.decided?.by, unlock?.decided?.by]).toEqual(Array(2).fill('policy.helpDesk.secondOperator'));
  const helpDesk = { ...open.helpDesk, secondOperator: 'protected-users' } as const;
  const asked = explained({ contact, policy: { ...open, helpDesk } }).acts;
  expect(asked.map(({ callers, approvals, decided }) => [callers, approvals, decided])).toEqual([
    [1, 1, undefined],
    [1, 1, undefined],
  ]);
});

test('who had ten messages of the help desk in a day has no caller asked until the first is a day old', () => {
  const { helpDesk } = blankRecord('a-person');
  const asked = (callerCodes: readonly number[]) =>
    explained({ record: { helpDesk: { ...helpDesk, callerCodes } } });
  const ten = Array.from({ length: 10 }, (_, place) => now - place * 60_000);
  expect(asked(ten.slice(1)).callerVerification.decided).toBeUndefined();
  const { callerVerification, acts } = asked(ten);
  expect(callerVerification).toEqual({
    destination: undefined,
    decided: { by: 'callerVerifications', until: now - 9 * 60_000 + 86_400_000 },
  });
  // A limit changes no proof.
  expect(acts.map(({ callers }) => callers)).toEqual([1, 1]);
});

test('a disabled person’s caller is not asked', () => {
  expect(explained({ enabled: false }).callerVerification).toEqual({
    destination: undefined,
    decided: { by: 'enabled' },
  });
});

test('where no caller can be asked, two operators are', () => {
  const { callerVerification, acts } = explained({ contact: { userId: 'erin' } });
  expect(callerVerification.decided?.by).toBe('policy.helpDesk.callerAddresses');
  expect(acts.map(({ callers, approvals }) => [callers, approvals])).toEqual([
    [0, 2],
    [0, 2],
  ]);
});

describe('what is explained is what happens', async () => {
  const table = await startTable();
  afterAll(() => table.close());
  const client = 'web-login';

  test.each<[string, Contact, Policy]>([
    ['somebody with everything', erin, open],
    ['a landline', { ...erin, phone: landline }, open],
    ['a country without messages', erin, { ...open, sends: { ...open.sends, countries: ['DE'] } }],
    ['an email alone', { userId: 'erin', email: 'erin@example.com' }, open],
    ['nothing at all', { userId: 'erin' }, open],
    ['one method for everybody', erin, { ...open, mfaMethod: 'SMS' }],
    ['the key alone', erin, { ...open, mode: 'DirectFidoAuth' }],
    ['a new number', { ...erin, since: { phone: now } }, open],
  ])('to %s', async (_, contact, policy) => {
    const backend = backendOn(table, policy);
    const worker = workerOn(table, backend);
    for (const method of methods) {
      const userId = `erin-${randomBytes(4).toString('hex')}`;
      const { since, ...first } = { ...contact, userId };
      if (since) await enrolUser({ ...first, phone: undefined }, true, backend);
      await enrolUser(first, true, backend);
      const { record } = await backend.person(userId);
      if (record.enrolment === undefined) throw new Error('nobody is there');
      const explanation = explainOffers(record, record.enrolment, {}, backend.clock.now(), backend);
      const request = { person: await backend.person(userId), client, purpose: 'sign-in', method } as const;
      await startChallenge(request, backend);
      const left = worker.left.length;
      await worker.round();
      const got = worker.left.slice(left).some(({ method: by }) => by === method);
      expect([method, got]).toEqual([method, offered(explanation).includes(method)]);
      const operator = { name: 'olga', client: 'helpdesk', isAdministrator: true };
      const person = await backend.person(userId);
      const called = await startCallerVerification({ person, operator, request: userId }, backend);
      expect(called.kind === 'started' ? called.destination : undefined).toBe(
        explanation.callerVerification.destination,
      );
      backend.queued.splice(0);
    }
  });
});
