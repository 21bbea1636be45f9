/** What a session becomes when no attempt is left: of a challenge, until a time, or until the help desk unlocks. */
import type { Exhaustion } from '../../shared/domain/attempts/lockout.ts';
import type { SessionChange } from '../../shared/domain/sign-in-session/change-session.ts';

export function lockedBy(
  { reason, retryAt }: Exhaustion,
  what: 'code' | 'questions' | 'backup-code',
): SessionChange {
  switch (reason) {
    case 'challenge':
      return { state: { at: 'spent', what } };
    case 'wait':
      return { state: { at: 'locked', until: retryAt } };
    case 'stopped':
      return { state: { at: 'locked' } };
  }
}
