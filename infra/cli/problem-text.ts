/** A problem of the API as whoever typed the command reads it: what happened, and what to type next. */
import type { ClientFault } from '../../shared/client/fault.ts';
import type { Problem } from '../../shared/client/problem.ts';
import { timeText } from './users/import/progress.ts';

/** What the API calls by its route. */
const commands = {
  'POST /v1/users/{userId}/caller-verifications': '`help-desk verify-caller NAME`',
  'POST /v1/users/{userId}/approvals': '`help-desk approve NAME`',
} as const;

/** `not-found: …`, and below it each field with its fault. */
export function problemText(problem: Problem): string {
  const errors = problem.code === 'invalid-request' ? problem.errors : [];
  const lines = errors.map(({ pointer, detail }) => `  ${pointer.split('/').slice(1).join('.')}: ${detail}`);
  return [`${problem.code}: ${sentencesOf(problem)}`, ...lines].join('\n');
}

/** Details are written for programs: they speak of headers, of routes and of requests that are sent again. */
function sentencesOf(problem: Problem): string {
  switch (problem.code) {
    case 'invalid-request':
      return problem.errors.length === 0 ? problem.detail : 'Nothing was done. Correct this:';
    case 'unavailable':
      return `A part of the service does not answer. Nothing was accepted. ${again(problem.retryAfterSeconds)}`;
    case 'rate-limited':
      return `${problem.title}. ${again(problem.retryAfterSeconds)}`;
    case 'attempts-exhausted':
      return problem.retryAfterSeconds === undefined
        ? problem.detail
        : `${problem.title}. ${again(problem.retryAfterSeconds)}`;
    case 'proof-required':
      return Object.entries(commands).reduce(
        (text, [route, command]) => text.replaceAll(route, command),
        problem.detail,
      );
    default:
      return problem.detail;
  }
}

const again = (seconds: number | undefined): string =>
  seconds === undefined ? 'Try again in a minute.' : `Try again in ${timeText(seconds)}.`;

/** @param isHere whether no API was named, so that the local stack is meant */
export function faultText({ code, message }: ClientFault, isHere: boolean): string {
  return `${message}; ${isHere ? 'is `npm start` running?' : whatToCheck[code]}`;
}

const whatToCheck: Readonly<Record<ClientFault['code'], string>> = {
  'no-answer': 'check --api, MFA_TOKEN_URL and the network',
  'token-refused': 'check MFA_CLIENT_ID, MFA_CLIENT_SECRET and MFA_SCOPE',
  'unexpected-answer': 'check that --api is the output ApiUrl',
};
