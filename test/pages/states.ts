/** Every state of every page, as the door might show it: what the tests walk through and `npm run pages` looks at. */
import type { NotMePage } from '../../shared/pages/not-me-page.ts';
import { renderNotMe } from '../../shared/pages/render-not-me.ts';
import { renderSignIn } from '../../shared/pages/render-sign-in.ts';
import type {
  CodePage,
  OfferedMethod,
  Outcome,
  PageFrame,
  PageSession,
  RenderedPage,
  SignInPage,
} from '../../shared/pages/sign-in-page.ts';

export const now = Date.UTC(2026, 10, 29, 8, 0, 0);
const seconds = (count: number) => now + count * 1000;

export const session: PageSession = {
  handle: 'kqZ0mA3vR1c7Yw2eL9tUxQ',
  step: '7',
  person: 'alice@example.com',
  endsAt: seconds(870),
};

const methods: readonly OfferedMethod[] = [
  { method: 'SMS', destination: '•••• ••23' },
  { method: 'Email', destination: 'a•••@example.com' },
  { method: 'Call', destination: '•••• ••23' },
];

const code: CodePage = {
  page: 'code',
  session,
  method: 'SMS',
  destination: '•••• ••23',
  codeLength: 6,
  expiresAt: seconds(290),
  resendAt: seconds(25),
  attemptsRemaining: 5,
  delivery: 'sent',
  otherWays: true,
};

const email = { method: 'Email', destination: 'a•••@example.com' } as const;
const late = { resendAt: seconds(-5) } as const;

const codes = {
  code,
  'code-email': { ...code, ...email, delivery: 'queued' },
  'code-call': { ...code, method: 'Call', ...late },
  'code-recovery': { ...code, ...email, ...late, progress: { step: 2, of: 2 } },
  'code-resent': { ...code, resent: true },
  'code-rejected': { ...code, ...late, problem: 'rejected', attemptsRemaining: 3 },
  'code-last': { ...code, ...late, problem: 'rejected', attemptsRemaining: 1 },
  'code-malformed': { ...code, ...late, problem: 'malformed' },
  'code-missing': { ...code, ...late, problem: 'missing' },
  'code-too-early': { ...code, problem: 'too-early' },
  'code-too-many': { ...code, resendAt: seconds(1_500), problem: 'too-many' },
  'code-unavailable': { ...code, ...late, problem: 'unavailable' },
  'code-expired': { ...code, ...late, expiresAt: seconds(-1) },
  'code-only-way': { ...code, ...late, otherWays: false },
} as const satisfies Record<string, CodePage>;

const choices = {
  choose: { page: 'choose', session, methods, recoveries: true },
  'choose-out-of-order': {
    page: 'choose',
    session,
    methods: methods.map((one) => (one.method === 'SMS' ? { ...one, outOfOrder: true } : one)),
    recoveries: true,
  },
  'choose-too-many': {
    page: 'choose',
    session,
    methods,
    recoveries: false,
    problem: { kind: 'too-many', until: seconds(3_000) },
  },
  'choose-not-chosen': { page: 'choose', session, methods, recoveries: true, problem: 'not-chosen' },
  'choose-unavailable': { page: 'choose', session, methods, recoveries: true, problem: 'unavailable' },
  ways: { page: 'choose', session, methods, current: 'SMS', recoveries: true },
  recoveries: {
    page: 'recoveries',
    session,
    paths: ['kba', 'otp-alternate-email', 'kba+otp-alternate-email', 'backup-code'],
    back: true,
  },
} as const satisfies Record<string, SignInPage>;

const questions = [
  'What was the family name of your first teacher?',
  'In which street was your first place of work?',
  'ما كتابك المفضل وأنت طفل؟',
];

const answers = {
  questions: { page: 'questions', session, questions, progress: { step: 1, of: 2 } },
  'questions-missing': {
    page: 'questions',
    session,
    questions,
    problem: { kind: 'missing', places: [0, 2] },
  },
  'questions-rejected': {
    page: 'questions',
    session,
    questions,
    problem: 'rejected',
    attemptsRemaining: 2,
  },
  'backup-code': { page: 'backup-code', session, otherWays: true },
  'backup-code-rejected': { page: 'backup-code', session, problem: 'rejected', otherWays: true },
  'backup-code-malformed': { page: 'backup-code', session, problem: 'malformed', otherWays: false },
} as const satisfies Record<string, SignInPage>;

const deadEnds = {
  waiting: { page: 'waiting', session },
  'spent-code': { page: 'spent', session, what: 'code', otherWays: true },
  'spent-questions': { page: 'spent', session, what: 'questions', otherWays: true },
  'spent-backup-code': { page: 'spent', session, what: 'backup-code', otherWays: false },
  'spent-recovery': { page: 'spent', session, what: 'recovery', otherWays: true },
  locked: { page: 'locked', session, until: seconds(480) },
  stopped: { page: 'locked', session },
  'delivery-failed': { page: 'delivery-failed', session, ...email, otherWays: true },
  'delivery-failed-only-way': {
    page: 'delivery-failed',
    session,
    method: 'Call',
    destination: '•••• ••23',
    otherWays: false,
  },
  'no-way': { page: 'no-way', session, back: true },
  'out-of-order': { page: 'out-of-order', session },
  'out-of-order-outside': { page: 'out-of-order' },
  'session-over': { page: 'session-over' },
} as const satisfies Record<string, SignInPage>;

const outcomes: readonly Outcome[] = [
  'verified',
  'gave-up',
  'unavailable',
  'nothing-to-offer',
  'unknown-person',
  'failed',
];

/** The way back leads to where the test listens. */
const endings = (away: string): Record<string, SignInPage> => ({
  ...Object.fromEntries(
    outcomes.map((outcome) => [
      `way-back-${outcome}`,
      { page: 'way-back', outcome, url: `${away}/callback?code=1&state=2`, clientName: 'Payroll' } as const,
    ]),
  ),
  ...Object.fromEntries(
    outcomes.map((outcome) => [
      `answer-${outcome}`,
      {
        page: 'answer',
        outcome,
        action: `${away}/answer`,
        fields: { id_token: 'a.b.c', state: '<&">' },
      } as const,
    ]),
  ),
  ...Object.fromEntries(
    (['unknown-request', 'refused-hint', 'foreign-form', 'bad-form', 'not-found'] as const).map((reason) => [
      `error-${reason}`,
      { page: 'error', reason, reference: 'Q2xpY2sgaGVyZQ' } as const,
    ]),
  ),
});

const notMe = {
  'not-me': { page: 'not-me', path: '/not-me/token' },
  'not-me-stopped': { page: 'stopped' },
  'not-me-over': { page: 'link-over' },
  'not-me-unavailable': { page: 'not-me-unavailable' },
} as const satisfies Record<string, NotMePage>;

const signIn = (away: string): Record<string, SignInPage> => ({
  ...codes,
  ...choices,
  ...answers,
  ...deadEnds,
  ...endings(away),
});

const elsewhere = 'https://client.example';

export const stateNames: readonly string[] = [...Object.keys(signIn(elsewhere)), ...Object.keys(notMe)];

/** @param away the origin of a client */
export function renderState(name: string, frame: PageFrame, away = elsewhere): RenderedPage {
  const page = signIn(away)[name];
  if (page !== undefined) return renderSignIn(page, frame);
  return renderNotMe(notMe[name as keyof typeof notMe], frame);
}

export const frame: PageFrame = {
  branding: { organisation: 'Example Organisation', supportContact: 'help@example.com' },
  language: 'en',
  now,
};
