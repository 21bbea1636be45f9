/** Following a recovery: an answer to its step, and the step that comes after it. */
import { type Answer, type CallOptions, type Connection, call } from './call.ts';
import { ClientFault } from './fault.ts';
import { pause } from './pause.ts';
import type { Result } from './problem.ts';
import type { Operations, Recovery } from './schema.ts';

export type RecoveryStep = NonNullable<Recovery['step']>;

/** A path to a `choose` step, answers to `kba`, a code to `otp` and `backup-code`. */
export type StepAnswer =
  | Operations['chooseRecoveryPath']['body']
  | Operations['checkSecurityAnswers']['body']
  | Operations['verifyOtpCode']['body'];

type StepProblem = Operations[
  | 'chooseRecoveryPath'
  | 'checkSecurityAnswers'
  | 'verifyOtpCode'
  | 'useBackupCode'
  | 'readRecovery']['problem'];

/** A recovery whose step is the one to answer now, or that is over. Plain data: keep it in a session. */
export type RecoveryResult = Result<Recovery, StepProblem>;

/** A step comes within a second; a busy deployment may take longer. */
const stepSeconds = 15;
const lookSeconds = 0.25;

/**
 * Sends the answer to the route of the step and waits for the next one. A wrong answer is a problem, and the step is
 * still to be answered while `attemptsRemaining` is above zero.
 *
 * @throws TypeError when the step takes another kind of answer
 */
export async function answerStep(
  recovery: Recovery,
  answer: StepAnswer,
  connection: Connection,
  options?: CallOptions,
): Promise<RecoveryResult> {
  const answered = await send(recovery, answer, connection, options);
  if (!answered.ok) return answered;
  const { value } = answered;
  return followingStep(recovery, 'recoveryId' in value ? value : undefined, connection, options);
}

function send(
  { recoveryId, step }: Recovery,
  answer: StepAnswer,
  connection: Connection,
  options?: CallOptions,
): Promise<Answer<'chooseRecoveryPath' | 'checkSecurityAnswers' | 'verifyOtpCode' | 'useBackupCode'>> {
  switch (step?.type) {
    case 'choose':
      if (!('path' in answer)) break;
      return call('chooseRecoveryPath', { path: { recoveryId }, body: answer }, connection, options);
    case 'kba': {
      if (!('answers' in answer)) break;
      const path = { challengeId: step.challenge.challengeId };
      return call('checkSecurityAnswers', { path, body: answer }, connection, options);
    }
    case 'otp': {
      if (!('code' in answer)) break;
      const path = { challengeId: step.challenge.challengeId };
      return call('verifyOtpCode', { path, body: answer }, connection, options);
    }
    case 'backup-code':
      if (!('code' in answer)) break;
      return call('useBackupCode', { body: { recoveryId, ...answer } }, connection, options);
    case undefined:
      break;
    default:
      step satisfies never;
  }
  throw new TypeError(`a step ${step?.type ?? 'that has not come yet'} takes no ${Object.keys(answer)}`);
}

/**
 * Right after an answer the recovery still shows the step that was answered: asks until it has moved on.
 *
 * @param before with the step that was answered, or without one after a start
 * @param seen what is known already
 * @returns a recovery with another step, or one that is over
 * @throws ClientFault when the step does not come
 */
export async function followingStep(
  before: Recovery,
  seen: Recovery | undefined,
  connection: Connection,
  options?: CallOptions,
): Promise<Answer<'readRecovery'>> {
  if (seen !== undefined && isPast(before, seen)) return { ok: true, value: seen };
  const path = { recoveryId: before.recoveryId };
  const stop = options?.signal ?? new AbortController().signal;
  for (const deadline = Date.now() + stepSeconds * 1000; ; ) {
    const looked = await call('readRecovery', { path }, connection, options);
    if (!looked.ok || isPast(before, looked.value)) return looked;
    if (Date.now() > deadline) throw new ClientFault('no-answer', 'the next step has not come');
    await pause(looked.retryAfterSeconds ?? lookSeconds, stop);
  }
}

/** Another step, or none to come. */
function isPast(before: Recovery, now: Recovery): boolean {
  if (now.status !== 'pending') return true;
  if (now.step === undefined) return false;
  if (before.step === undefined) return true;
  return now.stepNumber > before.stepNumber;
}
