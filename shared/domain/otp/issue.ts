/** What starting and resending need from outside, and what both answer. */
import type { Exhaustion } from '../attempts/lockout.ts';
import type { Clock } from '../clock.ts';
import type { ProfileSettings } from '../contact/profile.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import type { NamePorts } from '../names/person.ts';
import type { DeliveryQueues } from '../queues/messages.ts';
import type { Language } from '../text/language.ts';
import type { ChallengeView, OtpChallenge, Superseded } from '../user-record/challenge.ts';
import type { Decision } from '../user-record/update-user.ts';
import type { UserStore } from '../user-record/user-store.ts';

export interface IssuePorts extends ProfileSettings, Pick<NamePorts, 'sameNames'> {
  readonly users: UserStore;
  readonly limiter: RateLimiter;
  readonly queues: DeliveryQueues;
  readonly clock: Clock;
  readonly keyring: Keyring;
  readonly defaultLocale: Language;
}

export interface RateLimited {
  readonly kind: 'rate-limited';
  /** Epoch milliseconds. */
  readonly retryAt: number;
}

export type StartOutcome =
  /** `superseded`: the challenge of another recovery, which this one replaced. */
  | { readonly kind: 'challenge'; readonly view: ChallengeView; readonly superseded?: Superseded | undefined }
  | { readonly kind: 'fallback-disabled' | 'method-unavailable' | 'conflict' }
  | Exhaustion
  | RateLimited;

export interface SendDecision<Outcome> extends Decision<Outcome> {
  /** A new message: counted before the write, queued after it. */
  readonly send?: {
    readonly challenge: OtpChallenge;
    readonly counter: string;
    readonly reservation: string;
  };
  /** A message that may never have reached its queue. The worker sends it once, however often it is queued. */
  readonly requeue?: OtpChallenge | undefined;
}
