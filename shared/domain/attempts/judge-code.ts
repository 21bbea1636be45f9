/** The verdict on a recorded attempt at a code, whoever asks for the code: it is used up by the first right attempt. */
import { attemptDigest } from '../challenge/code.ts';
import { winningAttempt } from '../challenge/winning-attempt.ts';
import { sameDigest } from '../crypto/digest.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { Attempt } from '../user-record/attempts.ts';
import type { OtpChallenge } from '../user-record/challenge.ts';
import { findChallenge } from '../user-record/find-challenge.ts';
import type { UserRecord } from '../user-record/user-record.ts';

interface MadeAttempt {
  readonly challengeKey: string;
  readonly challengeId: string;
  readonly code: string;
  /** Of the code under the current key. */
  readonly digest: string;
  /** The request that recorded it. */
  readonly request: string;
}

export type Judged =
  /** `place`: of the attempt in the challenge's list. */
  | {
      readonly kind: 'won';
      readonly challenge: OtpChallenge;
      readonly attempt: Attempt;
      readonly place: number;
    }
  | { readonly kind: 'wrong'; readonly challenge: OtpChallenge; readonly attemptsRemaining: number }
  /** Another attempt won before this one, or the challenge is not there. */
  | { readonly kind: 'challenge-closed' }
  /** The request made its attempt with another code. */
  | { readonly kind: 'conflict' };

/** The same for a repetition of the request, whatever was attempted since. */
export function judgeCode(
  record: UserRecord,
  { challengeKey, challengeId, code, digest: current, request }: MadeAttempt,
  keyring: Keyring,
): Judged {
  const challenge = findChallenge(record, challengeKey, challengeId);
  const place = challenge?.requests.indexOf(request) ?? -1;
  const attempt = challenge?.attempts[place];
  if (challenge === undefined || attempt === undefined) return { kind: 'challenge-closed' };
  // Nearly always recorded a moment ago by this same call.
  const digest =
    attempt.key === keyring.current ? current : attemptDigest(code, challengeId, attempt.key, keyring);
  if (!sameDigest(attempt.digest, digest)) return { kind: 'conflict' };
  const winner = winningAttempt(challenge, keyring);
  if (winner === undefined || winner > place)
    return { kind: 'wrong', challenge, attemptsRemaining: challenge.maxAttempts - place - 1 };
  return winner === place ? { kind: 'won', challenge, attempt, place } : { kind: 'challenge-closed' };
}
