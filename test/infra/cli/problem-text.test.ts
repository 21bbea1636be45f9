/** What is printed of a problem: what happened and what to type next, without the words of HTTP. */
import { expect, it } from 'vitest';
import { faultText, problemText } from '../../../infra/cli/problem-text.ts';
import { ClientFault, type FaultCode } from '../../../shared/client/fault.ts';
import type { Problem } from '../../../shared/client/problem.ts';
import { blankHelpDesk } from '../../../shared/domain/user-record/help-desk-state.ts';
import { actRefused } from '../../../shared/http/act-refusal.ts';
import { type Answer, nobody, type ProblemCode, problem, problems } from '../../../shared/http/problem.ts';

/** As the client library makes it of an answer. */
const received = ({ body = '', headers = {} }: Exclude<Answer, string>): Problem => {
  const wait = headers['retry-after'];
  return { ...JSON.parse(body), ...(wait === undefined ? {} : { retryAfterSeconds: Number(wait) }) };
};
const printed = (answer: Answer) => problemText(received(answer as Exclude<Answer, string>));

it.each([
  ['a name of nobody', nobody(), 'not-found: Nobody has this name. Check the spelling.'],
  [
    'a field that is wrong',
    problem('invalid-request', { errors: [{ pointer: '/operator', detail: 'Name the operator who asks.' }] }),
    'invalid-request: Nothing was done. Correct this:\n  operator: Name the operator who asks.',
  ],
  [
    'too much of something',
    problem('rate-limited', { retryAfterSeconds: 5400 }),
    'rate-limited: Too many messages, recoveries or codes. Try again in 90 min.',
  ],
  [
    'an outage',
    problem('unavailable'),
    'unavailable: A part of the service does not answer. Nothing was accepted. Try again in a minute.',
  ],
  [
    'proofs that are missing',
    actRefused({
      kind: 'proof-required',
      missing: ['caller', 'approval'],
      approvals: 1,
      bound: blankHelpDesk,
    }),
    'proof-required: Verify the caller: `help-desk verify-caller NAME`. ' +
      'Let another operator approve: `help-desk approve NAME`.',
  ],
])('%s', (_, answer, text) => {
  expect(printed(answer)).toBe(text);
});

/** What a command is refused with has a detail of its own there. */
const always: readonly ProblemCode[] = ['conflict', 'method-unavailable'];
const codes = (Object.keys(problems) as ProblemCode[]).filter((code) => !always.includes(code));

it.each(codes)('%s speaks of no header and no route', (code) => {
  const extras = { missing: ['caller'], errors: [], retryAfterSeconds: 7 } as const;
  const answer =
    code === 'proof-required'
      ? actRefused({ kind: code, missing: ['caller'], approvals: 0, bound: blankHelpDesk })
      : problem(code, extras);
  expect(printed(answer)).not.toMatch(/Retry-After|POST|GET|Idempotency/);
});

it.each([
  ['no-answer', '--api, MFA_TOKEN_URL'],
  ['token-refused', 'MFA_CLIENT_SECRET'],
  ['unexpected-answer', 'ApiUrl'],
] as const satisfies readonly (readonly [FaultCode, string])[])('%s says what to check', (code, what) => {
  const fault = new ClientFault(code, 'it failed');
  expect(faultText(fault, false)).toContain(what);
  expect(faultText(fault, true)).toBe('it failed; is `npm start` running?');
});
