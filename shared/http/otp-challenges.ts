/** The bodies of requests and answers about one-time codes. */
import * as z from 'zod/mini';
import { methods } from '../domain/policy/policy.ts';
import { spokenLanguage } from '../domain/text/language.ts';
import { readTypedCode } from '../domain/text/typed-code.ts';
import { visibleLine } from '../domain/text/visible-line.ts';
import type { ChallengeView } from '../domain/user-record/challenge.ts';
import { optional } from './optional.ts';
import { session } from './session.ts';
import { timestamp } from './timestamp.ts';
import { askedUserId } from './user-id.ts';

export const method = z.enum(methods, { error: `Use one of ${methods.join(', ')}.` });

/** Any text, since a system's locale must not end a sign-in: where no language of ours is in it, another decides. */
export const locale = z.pipe(
  z.string({ error: 'Use a language tag, for example de-AT.' }),
  z.transform(spokenLanguage),
);

export const challengeId = z.string();

const mostDeviceCharacters = 64;

/** One line of visible text; shown to the person, never interpreted. What is longer is cut. */
export const device = z.pipe(
  z.string({ error: 'Use the device’s name as a string.' }),
  z.transform((name) => visibleLine(name, mostDeviceCharacters) || undefined),
);

export const startBody = z.strictObject({
  userId: askedUserId,
  method: optional(method),
  session: optional(session),
  locale: optional(locale),
  device: optional(device),
});

export const resendBody = z.strictObject({ method: optional(method) });

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
