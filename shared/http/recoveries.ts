/** The bodies of requests and answers about recoveries. */
import * as z from 'zod/mini';
import { recoveryPathNames } from '../domain/policy/recovery-paths.ts';
import type { Recovery } from '../domain/recovery/recovery.ts';
import { optional } from './optional.ts';
import { locale } from './otp-challenges.ts';
import { type Answer, json } from './problem.ts';
import { session } from './session.ts';
import { timestamp } from './timestamp.ts';
import { askedUserId } from './user-id.ts';

const path = z.enum(recoveryPathNames, { error: `Use one of ${recoveryPathNames.join(', ')}.` });

export const startRecoveryBody = z.strictObject({
  userId: askedUserId,
  path: optional(path),
  session: optional(session),
  locale: optional(locale),
});
export const choosePathBody = z.strictObject({ path });
export const recoveryPath = z.object({ recoveryId: z.string() });

/** @param more the open step, or the verification of a recovery that succeeded; between two steps, neither */
export function recoveryBody(
  { id, status, expiresAt, steps = 0 }: Recovery,
  more: { readonly step?: object | undefined; readonly verification?: object | undefined },
) {
  return { recoveryId: id, stepNumber: steps, status, expiresAt: timestamp(expiresAt), ...more };
}

/** A recovery's body, and whether the step in it is over and the next one on its way. */
export interface Presented {
  readonly body: object;
  readonly isMoving: boolean;
}

/** The next step comes within a second. */
export function recoveryAnswer(statusCode: number, { body, isMoving }: Presented): Answer {
  const answer = json(statusCode, body);
  return isMoving ? { ...answer, headers: { ...answer.headers, 'retry-after': '1' } } : answer;
}

/** An answer that was kept shows a step, or that there was none yet. */
export function repeatedAnswer(statusCode: number, body: object): Answer {
  const { status, step } = body as { readonly status?: string; readonly step?: object };
  return recoveryAnswer(statusCode, { body, isMoving: status === 'pending' && step === undefined });
}
