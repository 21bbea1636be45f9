/** The bodies of requests and answers about enrolled users. */
import * as z from 'zod/mini';
import type { Lock } from '../domain/attempts/lockout.ts';
import { maskEmail, maskPhone } from '../domain/contact/mask.ts';
import type { EnrolledUser } from '../domain/enrolment/read-users.ts';
import { questionLength } from '../domain/kba/question-list.ts';
import { readEmailAddress } from '../domain/text/email-address.ts';
import { proofs } from './help-desk.ts';
import { line, nothingLost } from './line.ts';
import { operator, reason, ticket } from './operator.ts';
import { optional } from './optional.ts';
import { timestamp } from './timestamp.ts';
import { userId } from './user-id.ts';

const addressShape = 'Use an email address, for example name@example.com.';
export const email = z.pipe(
  z.string({ error: addressShape }),
  z.transform((typed: string, context) => {
    const address = readEmailAddress(typed);
    if (address !== undefined) return address;
    context.issues.push({ code: 'custom', message: addressShape, input: typed });
    return z.NEVER;
  }),
);

const answer = z
  .string({ error: 'Use the answer as a string.' })
  .check(z.maxLength(128, 'Use at most 128 characters.'), nothingLost);
const textShape = `Use ${questionLength.fewest} to ${questionLength.most} characters.`;
const idShape = 'Use the id of a question as a string.';
/** Checks the shape alone: which ids exist depends on the deployment's configuration. */
export const questionId = z.string({ error: idShape }).check(z.maxLength(32, idShape));
export const securityQuestion = z.strictObject({
  questionId: optional(questionId),
  text: optional(line(questionLength.fewest, questionLength.most, textShape)),
  answer,
});

const aliasesShape = 'Use a list of at most 40 names.';

const aliases = z.array(userId, { error: aliasesShape }).check(z.maxLength(40, aliasesShape));
const phone = z
  .string({ error: 'Use E.164, for example +12025550123.' })
  .check(z.maxLength(40, 'Use E.164, at most 15 digits.'));
const locale = line(0, 128, 'Use a language tag, for example de-AT.');
const displayName = line(1, 128, 'Use 1 to 128 characters.');
const enabled = z.boolean({ error: 'Use true or false.' });
const securityQuestions = z
  .array(securityQuestion, { error: 'Use a list of questions with their answers.' })
  .check(z.maxLength(10, 'Use at most 10 questions.'));

export const enrolBody = z.strictObject({
  aliases: optional(aliases),
  phone: optional(phone),
  email: optional(email),
  alternateEmail: optional(email),
  locale: optional(locale),
  displayName: optional(displayName),
  enabled: optional(enabled),
  protected: optional(enabled),
  securityQuestions: optional(securityQuestions),
});

/** A field that `null` removes (RFC 7396). */
const removable = <Schema extends z.ZodMiniType>(schema: Schema) => z.optional(z.nullable(schema));

export const patchBody = z.strictObject({
  userId: optional(userId),
  aliases: removable(aliases),
  phone: removable(phone),
  email: removable(email),
  alternateEmail: removable(email),
  locale: removable(locale),
  displayName: removable(displayName),
  enabled: removable(enabled),
  protected: removable(enabled),
  securityQuestions: removable(securityQuestions),
});

export const enrolQuery = z.strictObject({
  dryRun: z.optional(z.enum(['true', 'false'], { error: 'Use true or false.' })),
});

export const unlockBody = z.strictObject({ operator, reason, ticket, proofs });

const limitShape = 'Use a whole number from 1 to 100.';

const cursor = z.optional(z.string().check(z.maxLength(1024, 'Use the cursor of the page before.')));

export const readinessQuery = z.strictObject({ cursor });

export const listQuery = z.strictObject({
  limit: z.optional(
    z.pipe(
      z.string().check(z.regex(/^[0-9]{1,3}$/, limitShape)),
      z.pipe(z.transform(Number), z.number().check(z.minimum(1, limitShape), z.maximum(100, limitShape))),
    ),
  ),
  cursor,
});

/** A user as the API shows it.
 *
 * @param masked whether addresses are masked, as they are for the help desk
 */
export function userBody(
  { contact, enabled, methods, questions, lock, windowsLock, reference }: EnrolledUser,
  masked: boolean,
) {
  const { phone, email, alternateEmail, directory: _, since: _since, stoppedAt: _stopped, ...rest } = contact;
  const addresses = { phone: phone?.number, email, alternateEmail };
  return {
    ...rest,
    ...(masked ? mask(addresses) : addresses),
    enabled,
    methods,
    securityQuestions: questions,
    lock: lockBody(lock),
    ...(windowsLock.kind === 'none' ? {} : { windowsLock: lockBody(windowsLock) }),
    reference,
  };
}

/** The API calls throttled `wait`, and locked `stop`. */
function lockBody(lock: Lock) {
  switch (lock.kind) {
    case 'none':
      return lock;
    case 'throttled':
      return { kind: 'wait', until: timestamp(lock.until) };
    case 'locked':
      return { kind: 'stop' };
  }
}

function mask({
  phone,
  email,
  alternateEmail,
}: Record<'phone' | 'email' | 'alternateEmail', string | undefined>) {
  return {
    phone: phone && maskPhone(phone),
    email: email && maskEmail(email),
    alternateEmail: alternateEmail && maskEmail(alternateEmail),
  };
}
