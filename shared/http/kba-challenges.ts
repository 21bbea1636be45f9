/** The bodies of requests and answers about security questions. */
import * as z from 'zod/mini';
import type { KbaView } from '../domain/user-record/challenge.ts';
import { optional } from './optional.ts';
import { locale } from './otp-challenges.ts';
import { session } from './session.ts';
import { timestamp } from './timestamp.ts';
import { askedUserId } from './user-id.ts';

export const askBody = z.strictObject({
  userId: askedUserId,
  session: optional(session),
  locale: optional(locale),
});

const answersShape = 'Send an answer to every question: [{questionId, answer}].';

export const checkBody = z.strictObject({
  answers: z
    .array(
      z.strictObject({
        questionId: z
          .string({ error: 'Use the questionId as it was given.' })
          .check(z.maxLength(64, 'Use the questionId as it was given.')),
        answer: z
          .string({ error: 'Use the answer as a string.' })
          .check(z.maxLength(128, 'Use at most 128 characters.')),
      }),
      { error: answersShape },
    )
    .check(z.minLength(1, answersShape), z.maxLength(10, answersShape)),
});

interface WordedQuestion {
  readonly questionId: string;
  readonly text: string;
}

export function questionsBody(
  { challengeId, expiresAt }: Pick<KbaView, 'challengeId' | 'expiresAt'>,
  questions: readonly WordedQuestion[],
) {
  return { challengeId, questions, expiresAt: timestamp(expiresAt) };
}
