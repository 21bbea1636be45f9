/** The code that a call speaks: only that of the challenge's last delivery, and only until it expires. */
import { rightCode } from '../challenge/winning-attempt.ts';
import type { Clock } from '../clock.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { type Purpose, readChallengeId } from '../identifiers/challenge-id.ts';
import type { OtpMessage } from '../queues/messages.ts';
import type { Language } from '../text/language.ts';
import type { UserStore } from '../user-record/user-store.ts';

interface SpokenPorts {
  readonly users: UserStore;
  readonly clock: Clock;
  readonly keyring: Keyring;
}

/** `over`: expired, replaced by a resend, or never a call. The locale is known as long as the challenge is. */
export type Spoken =
  | { readonly kind: 'code'; readonly code: string; readonly purpose: Purpose; readonly locale: Language }
  | { readonly kind: 'over'; readonly locale?: Language };

/** Costs one DynamoDB request. */
export async function codeToSpeak(
  message: OtpMessage,
  { users, clock, keyring }: SpokenPorts,
): Promise<Spoken> {
  const record = await users.read(readChallengeId(message.challengeId)?.locator ?? '');
  const challenge = record?.challenges[message.challengeKey];
  if (challenge === undefined || challenge.id !== message.challengeId) return { kind: 'over' };
  const { delivery, expiresAt, locale, purpose } = challenge;
  const isLast =
    delivery.sequence === message.sequence && delivery.isDeliverable && delivery.method === 'Call';
  if (!isLast || expiresAt <= clock.now()) return { kind: 'over', locale };
  return { kind: 'code', code: rightCode(challenge, keyring), purpose, locale };
}
