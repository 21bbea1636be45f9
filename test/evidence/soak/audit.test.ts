/** The audit of the audit: a clean soak has no violation, and one forgery for each rule is found by it. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { expect, test } from 'vitest';
import { defaultPolicy } from '../../../shared/domain/policy/policy.ts';
import type { OtpChallenge } from '../../../shared/domain/user-record/challenge.ts';
import { blankRecord } from '../../../shared/domain/user-record/user-record.ts';
import { someKey } from '../../support/person.ts';
import { audit, rules } from './audit.ts';
import type { Entry, Observed } from './observed.ts';

const start = Date.parse('2026-03-02T09:00:00Z');
const user = 'somebody';
const email = 'somebody@example.com';
const code = '424242';
const hour = 3_600_000;

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'signing-1' }];
const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

function assertion(more: object = {}, typ = 'mfa-fallback+jwt'): string {
  const said = {
    sub: user,
    aud: 'web-login',
    purpose: 'sign-in',
    acr: 'urn:mfa-fallback:acr:otp-email',
    jti: 'one',
    ...more,
  };
  const input = `${encode({ alg: 'RS256', typ, kid: 'signing-1' })}.${encode(said)}`;
  return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`;
}

let ids = 0;
function entry(more: Partial<Entry> & Pick<Entry, 'op'>): Entry {
  ids += 1;
  const from = more.from ?? start + ids * 1000;
  return {
    id: ids,
    user,
    client: 'web-login',
    path: `POST /${more.op}`,
    request: 'null',
    from,
    to: from + 10,
    status: 200,
    text: '',
    body: {},
    retryAfter: false,
    killed: false,
    ...more,
  };
}

const verified = (more: Partial<Entry> = {}): Entry =>
  entry({ op: 'verify', subject: 'a', code, body: { method: 'Email', assertion: assertion() }, ...more });
const wrongAt = (from: number, more: Partial<Entry> = {}): Entry =>
  entry({ op: 'use-code', status: 422, from, ...more });
const recovered = (more: Partial<Entry> = {}): Entry =>
  entry({
    op: 'recovery',
    subject: 'r',
    body: {
      status: 'succeeded',
      expiresAt: new Date(start + 900_000).toISOString(),
      verification: { method: 'kba', assertion: assertion({ purpose: 'recovery', jti: 'two' }) },
    },
    ...more,
  });

const challenge = (attempts: number, requests = attempts): OtpChallenge =>
  ({
    id: 'a',
    attempts: Array.from({ length: attempts }, () => ({ digest: '', key: 1, at: start })),
    requests: Array.from({ length: requests }, (_, place) => `request ${place}`),
  }) as unknown as OtpChallenge;
const recordWith = (held: OtpChallenge, more: object = {}) => [
  { ...blankRecord(someKey(user)), challenges: { challengeKey: held }, ...more },
];
const expiresAt = new Date(start + 300_000).toISOString();
const message = (at: number, body = `${code} is your code.`, to = email) =>
  ({ channel: 'Email', id: String(at), to, body, at: new Date(at).toISOString(), attributes: {} }) as const;
const queue = (isDeadLetter: boolean, ...bodies: string[]) => ({
  name: 'a queue',
  isDeadLetter,
  bodies,
  dropped: [] as string[],
});
const logged = (event: string) => ({ event, timestamp: '', challenge: 'a' });

/** One sign-in and one recovery, as they should be. */
function clean(): Observed {
  ids = 0;
  return {
    policy: defaultPolicy,
    entries: [
      entry({ op: 'start', status: 201, subject: 'a', body: { challengeId: 'a', expiresAt } }),
      entry({ op: 'verify', status: 422, subject: 'a' }),
      verified(),
      entry({ op: 'check', subject: 'k', recovery: 'r', body: {} }),
      recovered(),
    ],
    addresses: { [user]: [email] },
    finals: [{ user, entry: entry({ op: 'verify' }) }],
    messages: [message(start + 1_500)],
    records: recordWith(challenge(2)),
    limiter: { 'destination#a': [start] },
    won: new Set(['a']),
    log: [
      logged('delivery-ended'),
      logged('code-verified'),
      { ...logged('answers-verified'), challenge: 'k' },
    ],
    queues: [queue(false), queue(true)],
    keys,
    kills: [],
    disturbances: 0,
  };
}

const more = (observed: Observed, ...entries: Entry[]): Observed => ({
  ...observed,
  entries: [...observed.entries, ...entries],
});
const typed = (typedCode: string, status: number, from = start) =>
  entry({ op: 'use-code', status, code: typedCode, from, retryAfter: status === 503 });
const put = (enabled: boolean) =>
  entry({ op: 'enrol', from: start + 1, request: JSON.stringify({ enabled }) });
const generated = (from: number, ...codes: string[]) =>
  entry({ op: 'generate', status: 201, from, body: { codes } });
const claiming = (body: object) => verified({ body: { method: 'Email', ...body } });
const instead = (observed: Observed, op: Entry['op'], ...entries: Entry[]): Observed => ({
  ...observed,
  entries: [...observed.entries.filter((each) => each.op !== op), ...entries],
});
const every = (count: number, milliseconds: number) =>
  Array.from({ length: count }, (_, place) => start + place * milliseconds);

/** For each rule what would break it, and what a rule must not take for a breach. */
const forgeries: Readonly<Record<string, readonly ((observed: Observed) => Observed)[]>> = {
  'one-assertion': [(o) => more(o, claiming({ assertion: assertion({ jti: 'other' }) }))],
  'one-source': [(o) => more(o, verified({ subject: 'b' }))],
  'one-success': [(o) => more(o, verified())],
  consumed: [(o) => ({ ...o, won: new Set() }), (o) => ({ ...o, log: [logged('delivery-ended')] })],
  'sent-code': [
    (o) => ({ ...o, messages: [] }),
    (o) => ({ ...o, messages: [message(start - hour)] }),
    (o) => ({ ...o, messages: [message(start + 1_500, '111111 is your code.')] }),
  ],
  expired: [(o) => instead(o, 'verify', verified({ from: start + 301_000 }))],
  claims: [
    (o) => instead(o, 'verify', claiming({ assertion: assertion({ sub: 'another' }) })),
    (o) => instead(o, 'verify', claiming({ assertion: assertion({ aud: 'credential-provider' }) })),
    (o) => instead(o, 'verify', claiming({ assertion: assertion({ purpose: 'recovery' }) })),
    (o) => instead(o, 'verify', claiming({ assertion: assertion({ acr: 'urn:mfa-fallback:acr:kba' }) })),
    (o) => instead(o, 'verify', claiming({ assertion: assertion({}, 'JWT') })),
    (o) => instead(o, 'verify', claiming({ assertion: `${assertion().slice(0, -4)}AAAA` })),
  ],
  'recovery-steps': [(o) => instead(o, 'check')],
  'challenge-attempts': [
    (o) =>
      more(o, ...every(5, 1_000).map((from) => entry({ op: 'verify', status: 422, subject: 'a', from }))),
  ],
  'attempts-kept': [
    (o) => ({ ...o, records: recordWith(challenge(1)) }),
    (o) => ({ ...o, records: recordWith(challenge(3)) }),
    (o) => ({ ...o, records: recordWith(challenge(6)) }),
    (o) => ({ ...o, records: recordWith({ ...challenge(2), requests: ['same', 'same'] }) }),
  ],
  'growing-wait': [
    (o) => more(o, ...every(11, 1_000).map((from) => wrongAt(from))),
    // A code that nobody was given: that a request with it ended in a fault excuses nothing.
    (o) => more(o, typed('MADE-UP', 503), ...every(11, 1_000).map((from) => typed('MADE-UP', 422, from))),
    // The code was given, and the request that may have used it came when these were over.
    (o) =>
      more(
        o,
        generated(start, 'ONE'),
        ...every(11, 1_000).map((from) => typed('OTHER', 422, from)),
        typed('ONE', 503, start + hour),
      ),
    // Repeated under its key, and in the wait from its first try on.
    (o) =>
      more(
        o,
        ...every(10, 1_000).map((from) => wrongAt(from)),
        entry({ op: 'use-code', status: 503, key: 'k', from: start + 11_000 }),
        entry({ op: 'use-code', status: 422, key: 'k', from: start + 12_000 }),
      ),
  ],
  'hard-stop': [(o) => more(o, ...every(102, 2 * hour).map((from) => wrongAt(from)))],
  'kba-tries': [
    (o) =>
      more(o, ...every(4, hour).map((from) => entry({ op: 'check', status: 422, from, subject: `${from}` }))),
  ],
  'destination-counters': [
    (o) => ({ ...o, limiter: { 'destination#a': every(6, 1_000) } }),
    (o) => ({ ...o, limiter: { 'destination#a': every(11, 301_000) } }),
    (o) => ({ ...o, limiter: { 'destination#a': every(21, 4_000_000) } }),
  ],
  'destination-messages': [
    (o) => ({
      ...o,
      messages: [...o.messages, ...every(6, 10_000).map((at, place) => message(at, `${300_000 + place}`))],
    }),
  ],
  'user-sends': [
    (o) => ({ ...o, records: recordWith(challenge(2), { sent: every(31, 1_000).map((at) => ({ at })) }) }),
  ],
  'recovery-starts': [
    (o) =>
      more(
        o,
        ...every(11, 1_000).map((from) =>
          entry({ op: 'recover', status: 201, from, subject: `recovery ${from}` }),
        ),
      ),
  ],
  'delivery-ended': [
    (o) => ({
      ...more(
        o,
        entry({ op: 'start', status: 201, from: start + hour, body: { challengeId: 'lost', expiresAt } }),
      ),
    }),
    // What a queue gave up excuses its own challenge alone.
    (o) => ({
      ...more(
        o,
        entry({ op: 'start', status: 201, from: start + 2_000, body: { challengeId: 'lost', expiresAt } }),
      ),
      queues: [{ ...queue(false), dropped: ['{"kind":"otp","challengeId":"late"}'] }, queue(true)],
    }),
  ],
  'sent-once': [(o) => ({ ...o, messages: [...o.messages, ...o.messages] })],
  'to-the-person': [(o) => ({ ...o, messages: [...o.messages, message(start, code, 'x@example.org')] })],
  'nothing-left': [(o) => ({ ...o, queues: [queue(false, '{"kind":"otp"}')] })],
  'dead-letters': [(o) => ({ ...o, queues: [queue(true, '{"kind":"otp"}')] })],
  statuses: [
    (o) => more(o, entry({ op: 'status', status: 500 })),
    (o) => more(o, entry({ op: 'status', status: 0 })),
    (o) => more(o, entry({ op: 'status', status: 503 })),
    (o) => more(o, entry({ op: 'status', status: 418 })),
  ],
  replays: [
    (o) =>
      more(
        o,
        entry({ op: 'ask', status: 201, key: 'k', text: 'one' }),
        entry({ op: 'ask', status: 201, key: 'k', text: 'two' }),
      ),
  ],
  nobody: [(o) => ({ ...o, addresses: {} }), (o) => ({ ...o, entries: [put(false), ...o.entries] })],
  batches: [
    (o) =>
      more(
        o,
        generated(start, 'OLD'),
        generated(start + hour, 'NEW'),
        entry({ op: 'use-code', from: start + 2 * hour, code: 'OLD' }),
      ),
  ],
  'not-stuck': [
    (o) => ({ ...o, finals: [{ user, entry: undefined }] }),
    (o) => ({ ...o, finals: [{ user, entry: entry({ op: 'verify', status: 429 }) }] }),
  ],
  'recoveries-over': [
    (o) =>
      more(
        o,
        entry({
          op: 'recovery',
          subject: 's',
          from: start + hour,
          body: { status: 'pending', expiresAt: new Date(start + 900_000).toISOString() },
        }),
      ),
  ],
};

test('a soak as it should be has no violation', () => {
  expect(audit(clean())).toEqual([]);
});

test('every rule has a forgery', () => {
  expect(Object.keys(forgeries).toSorted()).toEqual(rules.map(({ name }) => name).toSorted());
});

const cases = Object.entries(forgeries).flatMap(([rule, each]) =>
  each.map((forge, place) => ({ rule, place: place + 1, forge })),
);
test.each(cases)('$rule finds forgery $place', ({ rule, forge }) => {
  const found = audit(forge(clean())).filter((violation) => violation.rule === rule);
  expect(found.length).toBeGreaterThan(0);
});

const innocent: Readonly<Record<string, (observed: Observed) => Observed>> = {
  'a repetition under its key is one attempt': (o) =>
    more(
      o,
      ...every(4, 1_000).map((from) => entry({ op: 'verify', status: 410, subject: 'a', key: 'k', from })),
    ),
  'a repetition that comes later than its code lives': (o) =>
    more(
      instead(
        o,
        'verify',
        entry({ op: 'verify', status: 422, subject: 'a' }),
        verified({ from: start + 3_000, key: 'k' }),
      ),
      verified({ from: start + 400_000, key: 'k' }),
    ),
  'a wait that was kept': (o) =>
    more(o, ...every(10, 60_000).map((from) => wrongAt(from)), wrongAt(start + hour)),
  'losers of a race for a code whose winner could not be signed for': (o) =>
    more(
      o,
      generated(start, 'ONE'),
      typed('ONE', 503, start + 20_000),
      ...every(11, 1_000).map((from) => typed('ONE', 422, from)),
    ),
  'a wrong one that was evaluated before the others, and told when it was repeated': (o) =>
    more(
      o,
      entry({ op: 'use-code', status: 503, key: 'k', from: start, retryAfter: true }),
      ...every(9, 1_000).map((from) => wrongAt(from + 1_000)),
      entry({ op: 'use-code', status: 422, key: 'k', from: start + 12_000 }),
    ),
  'an unlock ends the wait': (o) =>
    more(
      o,
      ...every(9, 1_000).map((from) => wrongAt(from)),
      entry({ op: 'unlock', status: 204, from: start + 20_000 }),
      wrongAt(start + 21_000),
    ),
  'a fault that says when to come back': (o) =>
    more(o, entry({ op: 'status', status: 503, retryAfter: true })),
  'no answer from an instance that ended': (o) => more(o, entry({ op: 'status', status: 500, killed: true })),
  'a message that its queue dropped by its age': (o) => ({
    ...more(
      o,
      entry({ op: 'start', status: 201, from: start + 2_000, body: { challengeId: 'late', expiresAt } }),
    ),
    queues: [{ ...queue(false), dropped: ['{"kind":"otp","challengeId":"late"}'] }, queue(true)],
  }),
  'a code again after a lost reply': (o) => ({
    ...o,
    messages: [...o.messages, ...o.messages],
    disturbances: 1,
  }),
};
test.each(Object.entries(innocent))('is no violation: %s', (_, make) => {
  expect(audit(make(clean()))).toEqual([]);
});
