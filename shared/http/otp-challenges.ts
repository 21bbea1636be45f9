/** The bodies of requests and answers about one-time codes. */
import * as z from 'zod/mini';
import { readTypedCode } from '../domain/identifiers/typed-code.ts';
import { methods } from '../domain/policy/policy.ts';
import type { ChallengeView } from '../domain/user-record/challenge.ts';
import { timestamp } from './timestamp.ts';
import { userId } from './user-id.ts';

export const method = z.enum(methods, { error: `Use one of ${methods.join(', ')}.` });

export const locale = z
  .string({ error: 'Use a language tag, for example de-AT.' })
  .check(z.regex(/^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}$/, 'Use a language tag, for example de-AT.'));

export const challengeId = z.string();

/** A name that is shown to the person as text and never interpreted. */
const device = z
  .string({ error: 'Use at most 64 characters.' })
  .check(z.minLength(1, 'Use at least one character.'), z.maxLength(64, 'Use at most 64 characters.'));

export const startBody = z.strictObject({
  userId,
  method: z.optional(method),
  locale: z.optional(locale),
  device: z.optional(device),
});

export const resendBody = z.strictObject({ method: z.optional(method) });

export const challengePath = z.object({ challengeId });

// The bounds that policy may choose from, not its value: a challenge may be older than the latest change of policy.
const fewestDigits = 6;
const mostDigits = 10;
const codeShape = `Send the ${fewestDigits} to ${mostDigits} digits of the code as a string.`;

export const verifyBody = z.strictObject({
  code: z.pipe(
    z.string({ error: codeShape }).check(z.maxLength(64, codeShape)),
    z.transform((typed: string, context) => {
      const digits = readTypedCode(typed);
      if (digits !== undefined && digits.length >= fewestDigits && digits.length <= mostDigits) return digits;
      context.issues.push({ code: 'custom', message: codeShape, input: typed });
      return z.NEVER;
    }),
  ),
});

/** A challenge as the API shows it. */
export function challengeBody(view: ChallengeView, prompt: string) {
  const { challengeId, method, methods, destination, codeLength, attemptsRemaining } = view;
  return {
    challengeId,
    method,
    methods,
    destination,
    prompt,
    codeLength,
    expiresAt: timestamp(view.expiresAt),
    resendAvailableAt: timestamp(view.resendAvailableAt),
    attemptsRemaining,
  };
}
