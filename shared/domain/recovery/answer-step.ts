/** Answering a recovery's step: which answers move it on, and which end it. */
import { Unavailable } from '../faults.ts';
import { asksFor } from '../policy/recovery-paths.ts';
import type { Superseded } from '../user-record/challenge.ts';
import { type Recovery, type RecoveryPorts, type RecoveryStep, withTime } from './recovery.ts';

/** A backup code names no challenge: that its recovery has succeeded tells a replay. */
function hasAnswered({ answered = [], path, status }: Recovery, challengeId: string | undefined): boolean {
  if (challengeId === undefined) return asksFor('backup-code', path) && status === 'succeeded';
  return answered.includes(challengeId);
}

/** A backup code answers no challenge, and is no answer to a choice. */
function isAnswerTo(step: RecoveryStep, challengeId: string | undefined): boolean {
  return challengeId === undefined ? step.type === 'backup-code' : challengeOf(step) === challengeId;
}

export function challengeOf(step: RecoveryStep): string | undefined {
  switch (step.type) {
    case 'kba':
    case 'otp':
      return step.challengeId;
    case 'choose':
    case 'backup-code':
      return undefined;
  }
}

/**
 * Resumes the workflow after a step was verified.
 *
 * @param challengeId must be the open step's: a challenge of another recovery, or of a step that is over, moves nothing.
 * One that resumed the workflow before is a replay and is answered alike.
 */
export async function resumeRecovery(
  id: string,
  challengeId: string | undefined,
  ports: RecoveryPorts,
): Promise<'resumed' | 'challenge-closed'> {
  // `closed` means that somebody answered the step, perhaps this very request. The workflow's next write tells which
  // challenge it was, so look again until that is there.
  const outcome = await ports.pollUntil(async () => {
    const found = await ports.recoveries.read(id);
    const recovery = found && withTime(found, ports.clock.now());
    if (recovery && hasAnswered(recovery, challengeId)) return 'resumed';
    if (recovery?.step === undefined || !isAnswerTo(recovery.step, challengeId)) return 'challenge-closed';
    return (await ports.workflow.succeed(recovery.step.token, {})) === 'resumed' ? 'resumed' : undefined;
  });
  // The workflow accepted an answer but has not written the next step within 800 ms. We cannot tell whose it was:
  // answer 503, the client retries.
  if (outcome === undefined) throw new Unavailable('moving-workflow');
  return outcome;
}

/** Ends a recovery whose step can no longer be answered. */
export async function failStep(
  id: string,
  challengeId: string | undefined,
  ports: RecoveryPorts,
  error: 'AttemptsExhausted' | 'Refused' = 'AttemptsExhausted',
): Promise<void> {
  const recovery = await ports.recoveries.read(id);
  const step = recovery?.step;
  if (step === undefined) return;
  if (isAnswerTo(step, challengeId)) await ports.workflow.fail(step.token, error);
}

/** Ends the recovery whose challenge was superseded. Never throws: the step's own time-out comes next. */
export async function endSuperseded(superseded: Superseded | undefined, ports: RecoveryPorts): Promise<void> {
  if (superseded === undefined) return;
  const { recovery, challengeId } = superseded;
  await failStep(recovery, challengeId, ports, 'Refused').catch(() => undefined);
}
