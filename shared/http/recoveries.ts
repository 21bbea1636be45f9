/** The bodies of requests and answers about recoveries. */
import * as z from 'zod/mini';
import { recoveryPathNames } from '../domain/policy/recovery-paths.ts';
import type { Recovery } from '../domain/recovery/recovery.ts';
import { optional } from './optional.ts';
import { locale } from './otp-challenges.ts';
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
  { id, status, expiresAt }: Recovery,
  more: { readonly step?: object | undefined; readonly verification?: object | undefined },
) {
  return { recoveryId: id, status, expiresAt: timestamp(expiresAt), ...more };
}
