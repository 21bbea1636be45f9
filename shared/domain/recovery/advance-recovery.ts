/** The workflow's own writes to a recovery: a step that is open, or the end. */

import { Unavailable } from '../faults.ts';
import type { ChallengeKind } from '../identifiers/challenge-id.ts';
import { readChallengeId } from '../identifiers/challenge-id.ts';
import type { RecoveryPath } from '../policy/recovery-paths.ts';
import { challengeOf } from './answer-step.ts';
import {
  type Recovery,
  type RecoveryPorts,
  type RecoveryStatus,
  type RecoveryStep,
  writeOnce,
} from './recovery.ts';

export const mostRounds = 6;

/** A task that comes late does not bring back a step that was answered. */
function isOver(step: RecoveryStep, { answered = [] }: Recovery): boolean {
  const challengeId = challengeOf(step);
  return challengeId !== undefined && answered.includes(challengeId);
}

/** What has to be answered on each path, in its order. */
export const asked: Readonly<Record<RecoveryPath, readonly ChallengeKind[]>> = {
  kba: ['kba'],
  'otp-alternate-email': ['otp'],
  'kba+otp-alternate-email': ['kba', 'otp'],
  'backup-code': [],
};

/** The order is the workflow's; an execution that somebody started by hand may have left a step out. */
function hasEveryAnswer(path: RecoveryPath | undefined, answered: readonly string[]): boolean {
  if (path === undefined) return false;
  const kinds = answered.map((id) => readChallengeId(id)?.kind);
  return kinds.length === asked[path].length && asked[path].every((kind, place) => kinds[place] === kind);
}

/** The workflow's own writes: a step that is open, or the end. A recovery that has ended stays as it ended. */
export async function advanceRecovery(
  id: string,
  change: Pick<Recovery, 'step' | 'subject'> & { readonly status?: RecoveryStatus },
  { recoveries, clock }: Pick<RecoveryPorts, 'recoveries' | 'clock'>,
): Promise<Recovery | undefined> {
  for (let round = 0; round < mostRounds; round += 1) {
    const found = await recoveries.read(id);
    if (found === undefined || found.status !== 'pending') return found;
    if (change.step && isOver(change.step, found)) return found;
    const ended = change.status === undefined ? {} : { status: change.status, endedAt: clock.now() };
    const late = change.status === 'succeeded' && found.expiresAt <= clock.now();
    const over = found.step && challengeOf(found.step);
    // A step of the same type is the same step, which a fault made the workflow open again.
    const isAnswered =
      over !== undefined &&
      (change.status === undefined ? change.step?.type !== found.step?.type : change.status === 'succeeded');
    const answered = isAnswered ? [...(found.answered ?? []), over] : (found.answered ?? []);
    const short = change.status === 'succeeded' && !hasEveryAnswer(found.path, answered);
    const decided = {
      ...change,
      ...ended,
      ...(short ? { status: 'failed' as const } : {}),
      ...(late ? { status: 'timed-out' as const } : {}),
      ...(isAnswered && !late ? { answered } : {}),
    };
    const written = await writeOnce(found, decided, recoveries);
    if (written) return written;
  }
  throw new Unavailable('raced-recovery');
}

// of reading again after losing a race
