/** The id of one delivery: carriers and the contact flow of a call know a delivery by it. */
import { readChallengeId } from '../identifiers/challenge-id.ts';
import type { OtpMessage } from './messages.ts';

export function deliveryIdOf({ challengeId, challengeKey, sequence }: OtpMessage): string {
  return `${challengeId}.${challengeKey}.${sequence}`;
}

/** The message that an id stands for; `undefined` for a text that `deliveryIdOf` cannot have made. */
export function readDeliveryId(text: string): OtpMessage | undefined {
  const [, challengeId = '', challengeKey = '', sequence = ''] =
    /^([\w-]+)\.([\w-]{16})\.([1-9]\d{0,3})$/.exec(text) ?? [];
  if (readChallengeId(challengeId) === undefined) return undefined;
  return { kind: 'otp', challengeId, challengeKey, sequence: Number(sequence) };
}
